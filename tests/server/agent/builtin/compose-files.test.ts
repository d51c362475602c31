import { expect, test } from 'vitest';
import { composeReply } from '../../../../server/agent/builtin/compose.ts';
import { toFilePassages } from '../../../../server/agent/file-passages.ts';
import type { ModelFile } from '../../../../server/agent/model-input.ts';
import { toPassages } from '../../../../server/agent/passages.ts';

const PAGE = toPassages('# Ferry\n\nThe ferry sails every hour.\n\nA bicycle costs €3.');

const TERMS = `# Contract

This contract is between the tenant and the owner.

Notice must be given three months before the end.

The rent is €900 a month.`;

const text = (name: string, content: string, mimeType = 'text/plain', first = PAGE.length + 1): ModelFile => ({
  name,
  mimeType,
  passages: toFilePassages(content, mimeType, first),
});
const picture: ModelFile = { name: 'cat.png', mimeType: 'image/png', passages: [] };

function ask(question: string, files: ModelFile[], tools: string[] = []) {
  const page = { url: 'https://ferry.example/', title: 'Ferry', description: '', headings: [], lang: 'en' };
  return composeReply({ question, page, passages: PAGE, files, history: [] }, new Set(tools));
}

test('the file answers, and is cited by the number of its passage', () => {
  expect(ask('How long is the notice period?', [text('contract.txt', TERMS)])).toEqual({
    text: '“contract.txt” says:\n\n> Notice must be given three months before the end. [4]',
  });
});

test('of two files the one that says so', () => {
  const csv = text('prices.csv', 'plan,price\nBasic,€5\nPro,€20', 'text/csv', 10);
  const { text: answer } = ask('How much is the Pro plan?', [text('contract.txt', TERMS), csv]);
  expect(answer).toContain('“prices.csv” says:');
  expect(answer).toContain('Pro,€20');
  expect(answer).toContain('[10]');
  expect(answer).not.toContain('contract.txt');
});

test.each(['', 'Summarise the attached file', 'What is in this document?', '请总结这个附件', '添付ファイルを要約して'])(
  'asked for as such (%j) a file is shown from its beginning',
  (question) => {
    const { text: answer } = ask(question, [text('contract.txt', TERMS)]);
    expect(answer).toContain('contract.txt');
    expect(answer).toContain('> This contract is between the tenant and the owner. [3]');
    expect(answer).not.toContain('Ferry');
  },
);

test('what no file says may stand on the page', () => {
  const { text: answer } = ask('How much does a bicycle cost?', [text('contract.txt', TERMS)]);
  expect(answer).toContain('“contract.txt” does not say.');
  expect(answer).toContain('> A bicycle costs €3. [2]');
});

test('pictures and PDFs are named as what it cannot see, and asks no page for them', () => {
  expect(ask('', [picture])).toEqual({
    text: 'I can read text files only, no images and no PDFs, so I do not know what “cat.png” shows.',
  });
  const pdf: ModelFile = { name: 'b.pdf', mimeType: 'application/pdf', passages: [] };
  expect(ask('What do these files show?', [picture, pdf]).text).toBe(
    'I can read text files only, no images and no PDFs, so I do not know what “cat.png”, “b.pdf” show.',
  );
  expect(ask('自転車はいくら？', [picture]).text).toContain('画像と PDF は見ることができません。「cat.png」');
  expect(ask('这张图片的内容是什么？', [picture]).text).toContain('看不了图片和 PDF，所以不知道《cat.png》的内容。');
});

test('what the page says beside a picture is said too', () => {
  const { text: answer } = ask('How much does a bicycle cost?', [picture]);
  expect(answer).toMatch(/^I can read text files only, .*“cat\.png” shows\.\n\n/);
  expect(answer).toContain('> A bicycle costs €3. [2]');
});
