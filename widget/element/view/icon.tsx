/** Strokes on a 20 × 20 grid, drawn for this element. */
const PATHS = {
  back: 'M12 4.5 6.5 10l5.5 5.5',
  history: 'M4 6.2A7 7 0 1 1 3 10M4 2.9v3.4h3.4M10 6.3V10l2.6 1.7',
  compose:
    'M9.2 4H6a2.5 2.5 0 0 0-2.5 2.5V14A2.5 2.5 0 0 0 6 16.5h7.5A2.5 2.5 0 0 0 16 14v-3.2M8 12l.5-2.6 6-6a1.5 1.5 0 0 1 2.1 2.1l-6 6L8 12Z',
  send: 'M10 16V4.5M5 9.2 10 4.2l5 5',
  copy: 'M7.5 7.5v-2A2 2 0 0 1 9.5 3.5h5a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2M5.5 7.5h5a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2Z',
  check: 'm4 10.5 4 4 8-9',
  jump: 'M10 4v11.5M5 10.8l5 5 5-5',
  warning: 'M10 6.5v4.2M10 13.6v.1M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z',
  file: 'M11 3H6v14h9V7l-4-4v4h4',
  close: 'm5.5 5.5 9 9M14.5 5.5l-9 9',
  microphone: 'M10 3a2.4 2.4 0 0 0-2.4 2.4V9a2.4 2.4 0 0 0 4.8 0V5.4A2.4 2.4 0 0 0 10 3ZM5 9a5 5 0 0 0 10 0M10 14v3',
} as const;

export type IconName = keyof typeof PATHS | 'stop';

/** Decoration only: the control around it carries the name. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={name === 'back' ? 'icon flips' : 'icon'} viewBox="0 0 20 20" aria-hidden="true">
      {name === 'stop' ? <rect class="solid" x="5.5" y="5.5" width="9" height="9" rx="2" /> : <path d={PATHS[name]} />}
    </svg>
  );
}

/** A drawing that only a chunk of its own needs, and brings along. */
export function Strokes({ d }: { d: string }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}
