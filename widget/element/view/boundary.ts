import { Component, type ComponentChildren } from 'preact';

interface BoundaryProps {
  /** What is drawn inside: another one is tried again. */
  of: unknown;
  children: ComponentChildren;
}

/** Keeps what cannot be drawn from taking the conversation with it: a server may send what no type of ours foresees. */
export class Boundary extends Component<BoundaryProps, { failed?: unknown }> {
  override componentDidCatch(error: unknown): void {
    console.error('openai-chatkit cannot draw an item', error);
    this.setState({ failed: this.props.of });
  }
  override render({ of, children }: BoundaryProps): ComponentChildren {
    return this.state.failed === of ? null : children;
  }
}
