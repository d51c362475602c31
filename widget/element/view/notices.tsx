import type { Notice } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { Markdown } from './markdown.tsx';

export function Notices({ notices, strings }: { notices: readonly Notice[]; strings: Strings }) {
  return notices.map((notice) => (
    <div class={`notice ${notice.level}`}>
      {notice.title && <strong dir="auto">{notice.title}</strong>}
      <Markdown text={notice.message} streaming={false} sources={[]} imageDomains={undefined} strings={strings} />
    </div>
  ));
}
