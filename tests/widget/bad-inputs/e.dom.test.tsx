import { render } from 'preact';
import { describe, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import { decodeSse, encodeSse } from '../../../protocol/sse.ts';
import { dangersIn } from '../element/security/dangers.ts';
import { drawing } from '../element/security/drawing.tsx';

// What an answer may try, one by one, with what a reader sees instead. Hundreds more, at every length and in a real
// browser, stand in element/security. E20: there is no operator's view and no transcript by e-mail yet. E27: nothing is
// exported as CSV yet.

const { root, draw } = drawing();
const shown = () => root().textContent ?? '';
const hrefs = () => [...root().querySelectorAll('a')].map((link) => link.getAttribute('href'));

describe('E1 markup is read as text', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<math><mtext></p><img src=x onerror=alert(1)></math>',
    '<!-- <img src=x onerror=alert(1)> -->',
    '<dialog open>Sign in</dialog>',
    '<object data="data:text/html,x"></object>',
    '<custom-element onclick=x>',
    '<textarea autofocus onfocus=alert(1)>',
    'a <b onmouseover=alert(1)>b</b> c',
  ])('%s', (text) => {
    draw(text);
    expect(shown()).toBe(text);
    expect(root().querySelectorAll('.markdown *:not(p)')).toHaveLength(0);
  });
});

describe('E2 no address runs anything', () => {
  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '&#9;javascript:alert(1)',
    'java&#9;script:alert(1)',
    'java&#x0A;script:alert(1)',
    '\x01javascript:alert(1)',
    'vbscript:msgbox',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://evil.example/1',
    'file:///etc/passwd',
    'intent://evil.example#Intent;end',
    'view-source:https://evil.example',
    'about:srcdoc',
    'sms:+1',
    'magnet:?x',
    'ws://evil.example',
    'chrome-extension://x/y',
    'x-apple-data-detectors://1',
  ])('%s', (address) => {
    for (const text of [
      `[a](${address})`,
      `[a](<${address}>)`,
      `[a]\n\n[a]: <${address}>`,
      `<${address}>`,
      `![a](${address})`,
    ]) {
      draw(text);
      // A text that only looks like an address to a lexer may lead to the page itself: a path below it.
      for (const href of hrefs()) expect(href, text).toMatch(/^(?:https?:\/\/|mailto:)/);
      expect(root().querySelector('img, iframe, script'), text).toBeNull();
    }
  });
});

describe('E4 an address without a scheme shows the host that it leads to', () => {
  test.each([
    ['//evil.example', 'http://evil.example/'],
    ['///evil.example', 'http://evil.example/'],
    ['\\\\\\\\evil.example', 'http://evil.example/'],
    ['/\\\\evil.example', 'http://evil.example/'],
    ['https:evil.example', 'https://evil.example/'],
    ['https:/evil.example', 'https://evil.example/'],
    ['https:\\\\\\\\evil.example', 'https://evil.example/'],
    ['HTTPS://EVIL.EXAMPLE', 'https://evil.example/'],
    ['https://bank.example@evil.example', 'https://evil.example/'],
    ['https://bank.example%2f@evil.example', 'https://evil.example/'],
  ])('%s', (address, href) => {
    draw(`[bank.example](${address})`);
    expect(hrefs()).toEqual([href]);
    expect(shown()).toContain('(evil.example)');
  });
});

describe('E13 the language of a code block is no markup', () => {
  test.each([
    '"><img src=x onerror=alert(1)>',
    "' onclick='alert(1)",
    'js" class="x',
    '__proto__',
    'constructor',
    '</code><script>',
  ])('%s', (language) => {
    draw(`\`\`\`${language}\nlet a;\n\`\`\``);
    expect(dangersIn(root())).toEqual([]);
    expect(root().querySelector('img, script, [onclick]')).toBeNull();
    expect(root().querySelector('code')?.textContent).toBe('let a;');
  });
});

describe('E14 a text that would stop the page is shown as it is', () => {
  test.each([
    ['100,000 quotes', '>'.repeat(100_000)],
    ['50,000 quotes with spaces', '> '.repeat(50_000)],
    ['100,000 brackets', '['.repeat(100_000)],
    ['100,000 asterisks and a word', `${'*'.repeat(100_000)}a`],
    ['50,000 underscores between letters', '_a'.repeat(50_000)],
    ['30,000 strikes', '~~a'.repeat(30_000)],
    ['30,000 open links', '[a]('.repeat(30_000)],
    ['50,000 open images', '!['.repeat(50_000)],
    ['50,000 addresses of mail', 'a@'.repeat(50_000)],
    ['100,000 ampersands', '&'.repeat(100_000)],
    ['20,000 addresses', 'http://a'.repeat(20_000)],
    ['a line of 10 MB', 'x'.repeat(10_000_000)],
    ['a line of 10 MB of words', 'word '.repeat(2_000_000)],
    ['2,000 lists in each other', Array.from({ length: 2_000 }, (_, n) => `${' '.repeat(n * 2)}- a`).join('\n')],
    ['a table of 50,000 rows', `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(50_000)}`],
  ])('%s', (_, text) => {
    const started = performance.now();
    draw(text, true);
    draw(`${text}.`, true);
    draw(text);
    // A bound against growth with the square: the slowest of these took 11 s, and the deepest a minute.
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(root().querySelectorAll('*').length).toBeLessThan(50_000);
    expect(dangersIn(root())).toEqual([]);
  });

  test('and an answer that is only long is not', () => {
    draw('A **bold** paragraph of some snake_case_words, which goes on for a while.\n\n'.repeat(600));
    expect(root().querySelectorAll('strong')).toHaveLength(600);
  });
});

describe('E16 an end that has not come shows no markup, and the whole is what one draws at once', () => {
  test.each([
    '```html\n<script>alert(1)</script>\n```\n\nAfter <b>x</b>.',
    'See [the guide](https://docs.example/a "title") and **bold `code`**.',
    '| a | b |\n|---|---|\n| <img src=x> | [x](javascript:alert(1)) |',
    '> quoted <iframe>\n> - [ ] task\n\n![alt][r]\n\n[r]: https://evil.example/p.png',
  ])('%j', (text) => {
    draw(text);
    const whole = root().innerHTML;
    render(null, root());
    for (let length = 1; length <= text.length; length += 1) {
      draw(text.slice(0, length), true);
      expect(dangersIn(root())).toEqual([]);
    }
    draw(text);
    expect(root().innerHTML).toBe(whole);
  });
});

describe('E17 the words of a link do not hide where it leads', () => {
  test.each([
    ['[https://bank.example](https://evil.example)', '(evil.example)'],
    ['[bank.example](https://evil.example/bank.example)', '(evil.example)'],
    ['[https://bank.example/login?a=b](https://bank.example.evil.example)', '(bank.example.evil.example)'],
    ['[**www.bank.example**](https://evil.example)', '(evil.example)'],
    ['[BANK.example](https://bank.example.)', '(bank.example.)'],
    ['[bank.example](https://bаnk.example)', '(xn--bnk-6cd.example)'],
    ['[bank&#46;example](https://evil.example)', '(evil.example)'],
    ['[bank\\.example](https://evil.example)', '(evil.example)'],
    ['[`bank.example`](https://evil.example)', '(evil.example)'],
    ['[🔒 bank.example ✓](https://evil.example)', '(evil.example)'],
    ['[“bank.example”](https://evil.example)', '(evil.example)'],
    ['[user@bank.example](https://evil.example)', '(evil.example)'],
    ['[ https://bank.example ](https://evil.example)', '(evil.example)'],
  ])('%s', (text, host) => {
    draw(text);
    expect(shown()).toContain(host);
  });

  test.each([
    '[bank.example](https://bank.example/a)',
    '[www.bank.example](https://bank.example)',
    '[our guide](https://docs.example)',
  ])('and an honest one stays short: %s', (text) => {
    draw(text);
    expect(shown()).not.toContain('(');
  });
});

describe('E18 characters that disguise', () => {
  test.each([
    ['an override', '[\u202emoc.knab](https://evil.example) \u202dx', 'moc.knab (evil.example) x'],
    ['an override as a reference', '&#x202e;moc.knab &#8237;', 'moc.knab '],
    ['an override in code', '`a\u202eb`', 'ab'],
    ['half a character as a reference', '&#xd800;', '\ufffd'],
    ['NUL as a reference', '&#0;', '\ufffd'],
    ['isolates, which words of two directions need', '\u2067שלום\u2069', '\u2067שלום\u2069'],
  ])('%s', (_, text, words) => {
    draw(text);
    expect(shown()).toBe(words);
  });

  test.each([
    '\u202egnp.exe',
    'a\u200bb',
    '\ud800',
    '\udfff',
    '\0',
    '\x1b[31mred\x1b[0m',
    '\ufeff',
    '\u2028',
    '\ufffe',
  ])('%j breaks nothing, at every length', (text) => {
    for (const around of [
      text,
      `**${text}**`,
      `[${text}](https://${text}.example)`,
      `\`\`\`${text}\n${text}\n\`\`\``,
      `| ${text} |\n|---|\n| ${text} |`,
    ])
      for (let length = 1; length <= around.length; length += 1) {
        draw(around.slice(0, length), length < around.length);
        expect(dangersIn(root())).toEqual([]);
      }
  });
});

describe('E21 and E24 nothing of an answer names or asks', () => {
  test.each([
    '# id',
    '<a id=pagewise name=openai>x</a>',
    '[a](#id){#id}',
    '[^1]\n\n[^1]: note',
    '- [ ] password\n- [x] agreed',
    '<form><input name=password type=password><button>Sign in</button></form>',
    '**Sign in**\n\n| User | ______ |\n|---|---|\n| Password | ______ |',
    '<label>Card <input autocomplete=cc-number></label>',
  ])('%s', (text) => {
    draw(text);
    expect(root().querySelectorAll('[id], [name], form, select, textarea')).toHaveLength(0);
    // A task's box is drawn, and cannot be pressed; a button copies code and nothing else.
    for (const input of root().querySelectorAll('input'))
      expect([input.type, input.disabled]).toEqual(['checkbox', true]);
    expect(root().querySelectorAll('button')).toHaveLength(0);
  });
});

describe('E25 a text of an answer ends no frame', () => {
  test.each([
    '\n\nevent: done\ndata: {}\n\n',
    '\r\rdata: {"type":"error"}\r\r',
    '\r\n\r\nid: 1\r\nretry: 0\r\n\r\n',
    ': comment\n\n',
    '\u2028\u2029\u0085',
    'data: ',
  ])('%j', async (text) => {
    const events: ThreadStreamEvent[] = [
      {
        type: 'thread.item.updated',
        item_id: 'msg_1',
        update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta: text },
      },
      { type: 'progress_update', text },
      { type: 'notice', level: 'info', title: text, message: text },
    ];
    const bytes = Buffer.concat(events.map((event) => encodeSse(event)));
    expect(await Array.fromAsync(decodeSse(new Blob([bytes]).stream()))).toEqual(events);
  });
});
