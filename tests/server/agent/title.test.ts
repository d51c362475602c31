import { expect, test } from 'vitest';
import { titleFromQuestion } from '../../../server/agent/title.ts';

test.each([
  ['  How do I\tcancel?\nmore', 'How do I cancel?'],
  ['word '.repeat(20), `${'word '.repeat(12).trim()}…`],
  ['怎么'.repeat(40), `${'怎么'.repeat(15)}…`],
  ['x'.repeat(100), `${'x'.repeat(59)}…`],
  ['', ''],
])('%j', (question, title) => {
  expect(titleFromQuestion(question)).toBe(title);
});
