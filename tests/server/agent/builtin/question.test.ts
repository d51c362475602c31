import { expect, test } from 'vitest';
import { readPlaceQuestion } from '../../../../server/agent/builtin/question.ts';

test.each([
  ['Where does it say that?', 'that?'],
  ['where exactly on this page does it mention refunds', 'refunds'],
  ['Where is the deadline for a claim mentioned?', 'the deadline for a claim ?'],
  ['Show me the passage about glass', 'about glass'],
  ['Could you scroll to the prices?', 'the prices?'],
  ['Take me to Customs', 'Customs'],
  ['在哪里提到退款？', '退款？'],
  ['带我到价格表', '价格表'],
  ['返金はどこに書いてありますか？', '返金は ？'],
])('%s asks for a place on the page, of: %s', (question, subject) => {
  expect(readPlaceQuestion(question)?.replace(/ +/g, ' ').trim()).toBe(subject);
});

test.each([
  'Where is your office?',
  'Where do I go to cancel?',
  'How do I highlight a text?',
  'How do I scroll to the top of the list?',
  'Show me how to install it',
  'What does the page say about refunds?',
  '办公室在哪里？',
  '怎么跳到上一页？',
  '事務所はどこですか？',
])('%s asks for something else', (question) => {
  expect(readPlaceQuestion(question)).toBeUndefined();
});
