import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/**
 * A component that comes in a chunk of its own at its first use. Until it is there, and where it cannot be had, `StandIn`
 * is drawn with the same props.
 */
export function late<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
  StandIn: FunctionComponent<Props & { failed: boolean }>,
): FunctionComponent<Props> {
  let known: FunctionComponent<Props> | undefined;

  return function Late(props: Props) {
    const [failed, setFailed] = useState(false);
    const [, setLoaded] = useState(known !== undefined);
    useEffect(() => {
      if (known) return;
      load().then(
        (component) => {
          known = component;
          setLoaded(true);
        },
        () => setFailed(true),
      );
    }, []);
    const Known = known;
    return Known ? <Known {...props} /> : <StandIn {...props} failed={failed} />;
  };
}
