import type { HistoryViewProps } from '../history/history-view.tsx';
import { late } from './late.tsx';

/** The place of the history, which comes in a chunk of its own when it is opened first. */
export const HistorySlot = late<HistoryViewProps>(
  () => import('../history/history-view.tsx').then(({ HistoryView }) => HistoryView),
  ({ strings, chat, failed }) => (
    <div class="layer" role="region" aria-label={strings.history} aria-busy={!failed}>
      {failed && (
        <div class="failure" role="alert">
          <p>{strings.unavailable}</p>
          <button type="button" class="outlined" onClick={chat.hideHistory}>
            {strings.closeHistory}
          </button>
        </div>
      )}
    </div>
  ),
);
