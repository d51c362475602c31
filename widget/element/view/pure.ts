import { Component, type ComponentChild, type FunctionComponent } from 'preact';

/** A component that is drawn again only when one of its props is another value: thread items keep their identity. */
export function pure<Props extends object>(draw: FunctionComponent<Props>) {
  return class Pure extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const before = this.props;
      const keys = new Set([...Object.keys(before), ...Object.keys(next)]) as Set<keyof Props>;
      return [...keys].some((key) => !Object.is(before[key], next[key]));
    }
    override render(props: Props): ComponentChild {
      return draw(props) as ComponentChild;
    }
  };
}
