import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { HostPage } from './host-page.ts';

interface DeeplinkProps {
  name: string;
  data: Record<string, string>;
  children?: ComponentChildren;
}

/** A link that the host page follows. It has no address, so a middle click or a copy leads nowhere. */
export function Deeplink({ name, data, children }: DeeplinkProps) {
  const { followDeeplink } = useContext(HostPage);
  return (
    <button type="button" class="deeplink" onClick={() => followDeeplink(name, data)}>
      {children}
    </button>
  );
}
