import type { ComponentChild } from 'preact';
import type { Task } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';
import { pure } from './pure.ts';
import { sourceLink } from './source-link.ts';
import { taskTitle } from './workflow-title.ts';

interface TaskStepProps {
  task: Task;
  /** Its turn still works on it: in a stored thread a step that was left loading would turn for ever. */
  active: boolean;
  strings: Strings;
}

/** One thing that was done: its state, its title, and what it found. */
export const TaskStep = pure(({ task, active, strings }: TaskStepProps) => {
  const title = taskTitle(task);
  return (
    <div class="step">
      <StepMark status={task.status_indicator} active={active} strings={strings} />
      <div class="step-body">
        {title && <p dir="auto">{title}</p>}
        <StepContent task={task} active={active} strings={strings} />
      </div>
    </div>
  );
});

function StepMark({ status, active, strings }: { status: Task['status_indicator'] } & Omit<TaskStepProps, 'task'>) {
  if (status === 'complete')
    return (
      <span class="mark" role="img" aria-label={strings.done}>
        <Icon name="check" />
      </span>
    );
  if (status === 'loading' && active) return <span class="mark spinner" role="img" aria-label={strings.running} />;
  return <span class="mark dot" />;
}

function StepContent({ task, active, strings }: TaskStepProps) {
  switch (task.type) {
    case 'custom':
    case 'thought':
      return task.content ? (
        <Markdown text={task.content} streaming={active} sources={[]} imageDomains={undefined} strings={strings} />
      ) : null;
    case 'web_search':
      return (
        <>
          <StepList class="queries" entries={task.queries} />
          <StepList
            entries={task.sources.map((source) => {
              const link = sourceLink(source);
              return link ? <a {...link}>{source.title || source.url}</a> : source.title;
            })}
          />
        </>
      );
    case 'file':
      return <StepList entries={task.sources.map((source) => source.title || source.filename)} />;
    default:
      return null;
  }
}

function StepList({ entries, ...list }: { entries: readonly ComponentChild[]; class?: string }) {
  if (entries.length === 0) return null;
  return (
    <ul {...list}>
      {entries.map((entry) => (
        <li dir="auto">{entry}</li>
      ))}
    </ul>
  );
}
