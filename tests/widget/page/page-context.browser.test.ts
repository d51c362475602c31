import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fillPage, openPageReader, type PageReader } from '../../../bench/page-context.ts';

let stage: PageReader;

beforeAll(async () => {
  stage = await openPageReader();
});
afterAll(async () => stage.close());
beforeEach(async () => {
  await stage.page.reload();
  // What is read must not hang on how busy this machine is; the time is measured in bench/page-context.ts.
  await stage.page.evaluate(() => Object.assign(performance, { now: () => 0 }));
});

async function textOf(body: string, question = ''): Promise<string> {
  await stage.page.evaluate((html) => {
    document.body.innerHTML = html;
  }, body);
  return (await stage.read(question)).context.text ?? '';
}

describe('what Chromium shows', () => {
  it.each([
    [
      'F16 a style sheet hides',
      '<style>.gone, p i { display: none }</style><p class="gone">SECRET</p><p>Seen<i> SECRET</i></p>',
      'Seen',
    ],
    ['F16 an ancestor hides', '<div style="visibility: hidden"><p>SECRET</p></div><p>Seen</p>', 'Seen'],
    ['F16 content is skipped', '<div style="content-visibility: hidden"><p>SECRET</p></div><p>Seen</p>', 'Seen'],
    [
      'F16 a closed fold hides inside',
      '<details><summary>Why?</summary><p>So.</p><p hidden>SECRET</p></details>',
      'Why?\nSo.',
    ],
    ['no box of its own', '<div style="display: contents"><p>Seen</p></div>', 'Seen'],
    ['drawn only when near', '<div style="content-visibility: auto; margin-top: 9000px"><p>Seen</p></div>', 'Seen'],
  ])('%s', async (_, body, expected) => {
    expect(await textOf(`<main>${body}</main>`)).toBe(expected);
  });

  it('F22 never looks into a frame or a closed shadow root', async () => {
    await stage.page.evaluate(() => {
      document.body.innerHTML = '<main><p>Seen</p><x-shut></x-shut><iframe srcdoc="SECRET"></iframe></main>';
      const shut = document.querySelector('x-shut')?.attachShadow({ mode: 'closed' });
      shut?.append('SECRET');
    });
    expect((await stage.read('')).context.text).toBe('Seen');
  });

  it('F15 nothing slotted into a private part of a shadow tree, not even its main', async () => {
    await stage.page.evaluate(() => {
      document.body.innerHTML = '<x-shell><main><h1>SECRET</h1></main></x-shell><p>Seen</p>';
      const shadow = document.querySelector('x-shell')?.attachShadow({ mode: 'open' });
      const box = document.createElement('div');
      box.dataset.private = '';
      box.append(document.createElement('slot'));
      shadow?.append(box);
    });
    const { context } = await stage.read('');
    expect(context).toMatchObject({ text: 'Seen', headings: [] });
  });
});

describe('F20 a page of 100,000 nodes', () => {
  it('gives the section asked for, under its heading, within the byte cap', async () => {
    await stage.page.evaluate(fillPage, 100_000);
    await stage.page.evaluate(() => {
      const last = document.querySelectorAll('section')[900];
      last?.insertAdjacentHTML('beforeend', '<h3>Warranty</h3><p>The kettle is guaranteed for <b>41</b> months.</p>');
      last?.insertAdjacentHTML('beforeend', '<p data-private>kettle guaranteed SECRET</p><p hidden>kettle SECRET</p>');
    });
    const { context } = await stage.read('for how many months is the kettle guaranteed?');
    const text = context.text ?? '';
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(24 * 1024);
    expect(text).toMatch(/## Section 900\n\n[\s\S]*### Warranty\n\nThe kettle is guaranteed for 41 months\./);
    expect(text).not.toContain('SECRET');
    const sections = [...text.matchAll(/^## Section (\d+)$/gm)].map(([, number]) => Number(number));
    expect(sections).toEqual(sections.toSorted((a, b) => a - b));
    expect(new Set(sections).size).toBe(sections.length);
  });

  it('without a question gives what the visitor looks at', async () => {
    await stage.page.evaluate(fillPage, 100_000);
    await stage.page.evaluate(() => document.querySelectorAll('section')[700]?.scrollIntoView());
    const { context } = await stage.read('');
    expect(context.text).toContain('## Section 700\n\n');
    expect(context.text).toContain('## Section 705\n\n');
    expect(context.text).not.toContain('## Section 5\n\n');
  });
});
