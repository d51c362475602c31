import { safePicture } from '../markdown/safe-link.ts';
import { record, text } from './read-prop.ts';
import { WidgetIcon } from './widget-icon.tsx';

/** The line above a card or a list: where it comes from. */
export function StatusLine({ status }: { status: unknown }) {
  const { text: words, favicon, icon, frame } = record(status);
  const src = safePicture(text(favicon), document.baseURI);
  if (!text(words)) return null;
  return (
    <p class="w-status">
      {src && favicon ? (
        <img class={frame === true ? 'framed' : undefined} src={src} alt="" referrerpolicy="no-referrer" />
      ) : null}
      {icon === undefined ? null : <WidgetIcon name={icon} size="sm" />}
      <span dir="auto">{text(words)}</span>
    </p>
  );
}
