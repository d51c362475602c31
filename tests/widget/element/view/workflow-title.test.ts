import { expect, test } from 'vitest';
import type { Task, Workflow } from '../../../../protocol/item.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { workflowTitle } from '../../../../widget/element/view/workflow-title.ts';

const thought: Task = { type: 'thought', content: 'Hm', status_indicator: 'loading' };
const search: Task = {
  type: 'web_search',
  title_query: 'tides',
  queries: [],
  sources: [],
  status_indicator: 'loading',
};
const title = (workflow: Partial<Workflow>, active = false, locale = 'en') =>
  workflowTitle({ type: 'reasoning', tasks: [], expanded: false, ...workflow }, active, en, locale);

test('says what it is at while it goes on', () => {
  expect(title({}, true)).toBe('Thinking');
  expect(title({ type: 'custom' }, true)).toBe('Working on it');
  expect(title({ tasks: [thought] }, true)).toBe('Thinking');
  expect(title({ tasks: [thought, search] }, true)).toBe('tides');
  expect(title({ tasks: [{ ...search, title: 'Asking the web' }] }, true)).toBe('Asking the web');
});

// Shows 128.
test('says how long it took, in the words of the locale', () => {
  expect(title({ summary: { duration: 1 } })).toBe('Thought for 1 second');
  expect(title({ summary: { duration: 59 } })).toBe('Thought for 59 seconds');
  expect(title({ summary: { duration: 130 } })).toBe('Thought for 2 minutes');
  expect(title({ type: 'custom', summary: { duration: 5 } })).toBe('Done in 5 seconds');
  expect(title({ summary: { duration: 5 } }, false, 'de')).toBe('Thought for 5 Sekunden');
});

test('has words for a summary of its own, a moment, and none at all', () => {
  expect(title({ summary: { title: 'Read the terms' } })).toBe('Read the terms');
  expect(title({ summary: { duration: 0 } })).toBe('Thought about it');
  expect(title({ type: 'custom', tasks: [search] })).toBe('tides');
  expect(title({ type: 'custom' })).toBe('Done');
});
