import type { WorkflowItem } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';
import { pure } from './pure.ts';
import { TaskStep } from './task-step.tsx';
import { workflowTitle } from './workflow-title.ts';

interface WorkflowViewProps {
  item: WorkflowItem;
  /** More of it is expected. */
  active: boolean;
  locale: string;
  strings: Strings;
}

/** What the assistant thought and did on the way to its answer: one line, with the steps behind it. */
export const WorkflowView = pure(({ item, active, locale, strings }: WorkflowViewProps) => {
  const { workflow } = item;
  const title = (
    <span class={active ? 'running' : undefined} dir="auto">
      {workflowTitle(workflow, active, strings, locale)}
    </span>
  );
  if (workflow.tasks.length === 0) return <p class="workflow">{title}</p>;
  return (
    <details class="workflow" open={workflow.expanded}>
      <summary>{title}</summary>
      <ol class="steps">
        {workflow.tasks.map((task, index) => (
          <li>
            <TaskStep task={task} active={active && index === workflow.tasks.length - 1} strings={strings} />
          </li>
        ))}
      </ol>
    </details>
  );
});
