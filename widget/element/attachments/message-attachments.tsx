import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Attachment } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';
import css from '../styles/attachments.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { Thumbnail } from './thumbnail.tsx';

export interface MessageAttachmentsProps {
  attachments: readonly Attachment[];
  strings: Strings;
}

/** The files of a message that was sent: pictures as such, all others by name. */
export function MessageAttachments({ attachments, strings }: MessageAttachmentsProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => addSheet(list.current, css), []);
  return (
    <ul class="sent" role="list" aria-label={strings.attachments} ref={list}>
      {attachments.map((attachment) => (
        <SentAttachment key={attachment.id} attachment={attachment} />
      ))}
    </ul>
  );
}

function SentAttachment({ attachment }: { attachment: Attachment }) {
  const { name } = attachment;
  const [isBroken, setBroken] = useState(false);
  const picture = attachment.type === 'image' && !isBroken ? attachment.preview_url : '';
  if (/^https?:/i.test(picture))
    return (
      <li>
        {/* Where a host's policy has no place for our pictures, the name stands in for it. */}
        <img src={picture} alt={name} title={name} referrerpolicy="no-referrer" onError={() => setBroken(true)} />
      </li>
    );
  return (
    <li class="tile" title={name}>
      <Thumbnail sign="file" />
      <span class="tile-text">
        <span class="tile-name" dir="auto">
          {name}
        </span>
      </span>
    </li>
  );
}
