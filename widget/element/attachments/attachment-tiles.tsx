import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Chat } from '../state/chat.ts';
import type { DraftAttachment } from '../state/draft-attachment.ts';
import type { Strings } from '../strings/en.ts';
import css from '../styles/attachments.css?inline';
import { addSheet } from '../styles/sheets.ts';
import { Icon } from '../view/icon.tsx';
import { fileSize } from './file-size.ts';
import { Thumbnail } from './thumbnail.tsx';

export interface AttachmentTilesProps {
  files: readonly DraftAttachment[];
  chat: Chat;
  strings: Strings;
  locale: string;
  /** The last one is gone, and the button that had the focus with it. */
  onEmpty: () => void;
}

/** The draft's files, and how far each one is. */
export function AttachmentTiles({ files, chat, strings, locale, onEmpty }: AttachmentTilesProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => addSheet(list.current, css), []);

  /** A pressed button that goes away must not take the focus with it. */
  function focusTile(index: number): boolean {
    const button = list.current?.querySelectorAll<HTMLElement>('.ghost')[index];
    button?.focus();
    return button !== undefined;
  }

  return (
    <ul class="tiles" role="list" aria-label={strings.attachments} ref={list}>
      {files.map(({ key, name, file, status }, index) => (
        <li key={key} class={`tile ${status}`} title={name}>
          {status === 'failed' ? <Thumbnail key="failed" sign="warning" /> : <Thumbnail file={file} sign="file" />}
          <span class="tile-text">
            <span class="tile-name" dir="auto">
              {name}
            </span>
            {status === 'failed' ? (
              <button
                type="button"
                class="tile-again"
                aria-label={`${strings.retry}: ${name}`}
                onClick={() => {
                  focusTile(index);
                  void chat.changeAttachments((attachments) => attachments.retry(key));
                }}
              >
                {strings.retry}
              </button>
            ) : (
              <span>{status === 'uploading' ? strings.uploading : file && fileSize(file.size, locale)}</span>
            )}
          </span>
          <button
            type="button"
            class="ghost"
            aria-label={`${strings.remove}: ${name}`}
            title={strings.remove}
            onClick={() => {
              if (!focusTile(index + 1) && !focusTile(index - 1)) onEmpty();
              void chat.changeAttachments((attachments) => attachments.remove(key));
            }}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
