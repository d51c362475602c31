import { expect, test } from 'vitest';
import { parsePageContext } from '../../../server/agent/page-context.ts';

const page = {
  url: 'https://a.example/docs?token=1#x',
  path: '/elsewhere',
  title: 'Docs',
  description: 'All of it',
  headings: ['One', 'Two'],
  lang: 'en',
  timestamp: '2026-01-01T00:00:00.000Z',
};

test('keeps origin and path of the address, whatever the client sent', () => {
  expect(parsePageContext(page)).toStrictEqual({ ...page, url: 'https://a.example/docs', path: '/docs' });
});

test('wrong fields count as absent', () => {
  const wrong = {
    url: page.url,
    title: 7,
    description: null,
    headings: 'One, Two,',
    selection: [],
    text: {},
    extra: 1,
  };
  expect(parsePageContext(wrong)).toStrictEqual({
    url: 'https://a.example/docs',
    path: '/docs',
    title: '',
    description: '',
    headings: ['One', 'Two'],
    lang: '',
    timestamp: '',
  });
});

test.each([undefined, null, 'x', [], {}, { url: 'javascript:alert(1)' }, { url: 'nowhere' }])(
  '%j is no page',
  (value) => {
    expect(parsePageContext(value)).toBeUndefined();
  },
);

test('long, broken and hostile text is cut and cleaned', () => {
  const parsed = parsePageContext({
    ...page,
    title: `a\0b\ud800${'x'.repeat(1000)}`,
    headings: Array.from({ length: 9 }, () => 'h'.repeat(999)),
    text: `${'字'.repeat(5000)}\n\n${'字'.repeat(5000)}`,
  });
  expect(parsed?.title.startsWith('ab\ufffdxxx')).toBe(true);
  expect(parsed?.title).toHaveLength(300);
  expect(parsed?.headings.map((heading) => heading.length)).toStrictEqual([200, 200, 200, 200, 200]);
  expect(parsed?.text).toBe('字'.repeat(5000));
});
