import type { Task, Workflow } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';

/** What stands on a workflow's one line: its summary, or while it goes on, what it is at. */
export function workflowTitle(
  { type, tasks, summary }: Workflow,
  active: boolean,
  strings: Strings,
  locale: string,
): string {
  if (summary && 'title' in summary) return summary.title;
  const reasoning = type === 'reasoning';
  const newest = tasks.at(-1);
  const task = newest && taskTitle(newest);
  if (active) return task ?? (reasoning ? strings.thinking : strings.working);
  // A thought shorter than a second is stored as one of none.
  if (!summary?.duration) return reasoning ? strings.thought : (task ?? strings.worked);
  const sentence = reasoning ? strings.thoughtFor : strings.workedFor;
  return sentence.replace('{time}', formatDuration(summary.duration, locale));
}

export function taskTitle(task: Task): string | undefined {
  return task.title ?? (task.type === 'web_search' ? task.title_query : undefined);
}

/** Whole seconds, or from a minute on whole minutes. */
function formatDuration(seconds: number, locale: string): string {
  const [value, unit] = seconds < 60 ? [seconds, 'second'] : [seconds / 60, 'minute'];
  const format = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(locale, format).format(value);
}
