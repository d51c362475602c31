import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ThreadItem } from '../../../protocol/item.ts';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { RunningTurn } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { AnsweredQuestions } from '../structured-input/answered-questions.tsx';
import answeredCss from '../styles/answered.css?inline';
import { addSheet } from '../styles/sheets.ts';
import widgetCss from '../styles/widget.css?inline';
import controlCss from '../styles/widget-controls.css?inline';
import workflowCss from '../styles/workflow.css?inline';
import { WidgetView } from '../widgets/widget-view.tsx';
import { GeneratedImageView } from './generated-image-view.tsx';
import { TaskStep } from './task-step.tsx';
import { WorkflowView } from './workflow-view.tsx';

export interface RichItemProps {
  item: ThreadItem;
  /** It is the newest of the turn that runs. */
  newest: boolean;
  turn: RunningTurn | undefined;
  imageDomains: readonly string[] | undefined;
  chat: Chat;
  settings: Settings;
  strings: Strings;
}

/** An item that is no message. A type that is not known here shows nothing. */
export function RichItem(props: RichItemProps) {
  const place = useRef<HTMLDivElement>(null);
  // The rules for these items come with what draws them.
  useLayoutEffect(() => addSheet(place.current, workflowCss + widgetCss + controlCss + answeredCss), []);
  return (
    <div class="rich" ref={place}>
      {drawItem(props)}
    </div>
  );
}

function drawItem({ item, newest, turn, imageDomains, chat, strings }: RichItemProps) {
  switch (item.type) {
    case 'workflow': {
      const active = newest && !item.workflow.summary;
      return <WorkflowView item={item} active={active} locale={strings.locale} strings={strings} />;
    }
    case 'task':
      return <TaskStep task={item.task} active={newest} strings={strings} />;
    case 'generated_image':
      return <GeneratedImageView item={item} progress={turn?.imageProgress[item.id]} strings={strings} />;
    case 'widget':
      return (
        <WidgetView
          item={item}
          turnRuns={turn !== undefined}
          onAction={chat.runAction}
          imageDomains={imageDomains}
          strings={strings}
        />
      );
    case 'structured_input':
      return <AnsweredQuestions item={item} strings={strings} />;
    default:
      return null;
  }
}
