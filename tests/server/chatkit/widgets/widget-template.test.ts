import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WidgetTemplate } from '../../../../server/chatkit/widgets/widget-template.ts';

const define = (template: string) => ({ version: '1.0', name: 'parcel', template });

const listItem = (key: string, ...children: object[]) => ({ type: 'ListViewItem', key, children });

/** What the expressions give that stand in the place of a prop. */
function value(template: string, data: object = {}): unknown {
  return new WidgetTemplate(define(`{"type":"Card","value":${template}}`)).build(data).value;
}

test('a template renders data to a widget, whatever its strings hold', () => {
  const template = new WidgetTemplate(
    define(
      '{"type":"Card","children":[{"type":"Text","value":{{ (who) | tojson }}},{"type":"Text","value":{{ (n) | tojson }}}]}',
    ),
  );
  for (const who of ['A & <b> \'q\' "d" é', '{{ n }} {% if %} {# #}', '</script>\u2028\n\\', '\u{1f600}'])
    expect(template.build({ who, n: 3 })).toEqual({
      type: 'Card',
      children: [
        { type: 'Text', value: who },
        { type: 'Text', value: 3 },
      ],
    });
});

test('a loop sets its commas by loop.last, and chooses by inline if', () => {
  const template = new WidgetTemplate(
    define(
      '{"type":"Card","children":[{%- for o in os %}{"type":"Button","label":{{ (o.l) | tojson }},"variant":"{{ "solid" if o.id == sel else "outline" }}"}{%- if not loop.last %},{% endif %}{%- endfor %}]}',
    ),
  );
  const data = {
    os: [
      { id: 1, l: 'One' },
      { id: 2, l: 'Two' },
    ],
    sel: 2,
  };
  expect(template.build(data)).toEqual({
    type: 'Card',
    children: [
      { type: 'Button', label: 'One', variant: 'outline' },
      { type: 'Button', label: 'Two', variant: 'solid' },
    ],
  });
});

test('a loop collected by a set block loses its first comma by a slice', () => {
  const template = new WidgetTemplate(
    define(
      '{"type":"ListView","children":[{%- set _c -%}{%-for it in items -%},{"type":"ListViewItem","key":{{ (it.id) | tojson }},"children":[]}{%-endfor-%}{%- endset -%}{{- (_c[1:] if _c and _c[0] == \',\' else _c) -}}]}',
    ),
  );
  expect(template.build({ items: [] })).toEqual({ type: 'ListView', children: [] });
  expect(template.build({ items: [{ id: 'a' }, { id: ',' }] })).toEqual({
    type: 'ListView',
    children: [listItem('a'), listItem(',')],
  });
});

test('a list in a namespace grows by append', () => {
  const template = new WidgetTemplate(
    define(`
      {%- set ns = namespace(children=[]) -%}
      {%- for g in groups|default([]) -%}
        {%- set item = {
          "type": "ListViewItem",
          "key": g.id,
          "children": [{"type": "Text", "value": g.id ~ "!",},],
        } -%}
        {%- set _ = ns.children.append(item) -%}
      {%- endfor -%}
      {{ {"type": "ListView", "limit": 6, "children": ns.children} | tojson }}`),
  );
  expect(template.build({ groups: [{ id: 'g1' }, { id: 'g2' }] })).toEqual({
    type: 'ListView',
    limit: 6,
    children: [listItem('g1', { type: 'Text', value: 'g1!' }), listItem('g2', { type: 'Text', value: 'g2!' })],
  });
  expect(template.build()).toEqual({ type: 'ListView', limit: 6, children: [] });
});

test.each<[string, string, object, unknown]>([
  ['dotted access', '{{ a.b.c | tojson }}', { a: { b: { c: 'x' } } }, 'x'],
  ['dotted access to a key that dicts have a method of', '{{ a.items | tojson }}', { a: { items: [1] } }, [1]],
  ['an index', '{{ [a[0], a[-1], b["k"]] | tojson }}', { a: [1, 2, 3], b: { k: 4 } }, [1, 3, 4]],
  ['slices of lists', '{{ [a[1:], a[:1], a[-2:], a[::2]] | tojson }}', { a: [1, 2, 3] }, [[2, 3], [1], [2, 3], [1, 3]]],
  ['a slice of a string', '{{ a[1:3] | tojson }}', { a: '\u{1f600}bcd' }, 'bc'],
  ['the braces of nested literals', '{{ {"a": {"b": {"c": [1, 2,]},},} | tojson }}', {}, { a: { b: { c: [1, 2] } } }],
  ['and', '{{ [1 and 2, 0 and 2] | tojson }}', {}, [2, 0]],
  ['or', '{{ [0 or "x", "a" or "b"] | tojson }}', {}, ['x', 'a']],
  ['not', '{{ [not 0, not "a", not []] | tojson }}', {}, [true, false, true]],
  ['is none', '{{ [a is none, a is not none, b is not none] | tojson }}', { a: null, b: 0 }, [true, false, true]],
  ['is defined', '{{ [a is defined, b is not defined] | tojson }}', { a: 1 }, [true, true]],
  ['both spellings of the constants', '{{ [true, True, false, False] | tojson }}', {}, [true, true, false, false]],
  ['default of what is missing', '{{ [a|default(1), b.c|default(2)] | tojson }}', { b: {} }, [1, 2]],
  ['default of what is there', '{{ [a|default(1), b|default(2)] | tojson }}', { a: 0, b: '' }, [0, '']],
  ['a chain of defaults', '{{ a|default(b)|default(3) }}', {}, 3],
  ['default of an inline if', '{{ (a if true else 1)|default(2) }}', {}, 2],
  ['default of the first of nothing', '{{ [] | first | default(4) }}', {}, 4],
  ['set of what may be missing', '{% set a = b %}{{ a|default(5) }}', {}, 5],
  ['set, also of a part of a dict', '{% set a = b.c %}{{ a | tojson }}', { b: { c: { d: 1 } } }, { d: 1 }],
  ['if, elif and else', '{% if a == 1 %}1{% elif a == 2 %}2{% else %}3{% endif %}', { a: 2 }, 2],
  ['else of an empty loop', '{% for x in a %}{{ x }}{% else %}0{% endfor %}', { a: [] }, 0],
  [
    'keys and values of a loop',
    '{% for k, v in a.items() %}{{ [k, v] | tojson }}{% endfor %}',
    { a: { x: 1 } },
    ['x', 1],
  ],
  ['a comment', '{# {{ nothing }} #}1', {}, 1],
  ['whitespace control', '"a {{- " b " -}} c\n {%- if true -%}\n d{% endif %} e"', {}, 'a b cd e'],
  ['whitespace that nothing controls', '"a {% if true %} b {% endif %} c"', {}, 'a  b  c'],
  [
    'line ends as they stand',
    '{% set a %}\n  {% if true %}\nb{% endif %}\n{% endset %}{{ a | tojson }}',
    {},
    '\n  \nb\n',
  ],
  ['braces in a string', '{{ "{{ }} {% %} \\"" | tojson }}', {}, '{{ }} {% %} "'],
  ['a variable that is called like a function', '{{ namespace }}', { namespace: 1 }, 1],
  ['a variable that is called like a constant', '{{ true }}', { true: false }, true],
])('a template has %s', (_case, template, data, expected) => {
  expect(value(template, data)).toEqual(expected);
});

test('equality is that of values, as in Python', () => {
  const equal = (a: unknown, b: unknown) => value('{{ [a == b, a != b] | tojson }}', { a, b });
  for (const [a, b] of [
    [0, ''],
    ['1', 1],
    [null, 0],
    [null, ''],
    [false, ''],
    [[1], [2]],
    [{ k: 1 }, { k: '1' }],
  ])
    expect([a, b, equal(a, b)]).toEqual([a, b, [false, true]]);
  for (const [a, b] of [
    [1, 1],
    ['', ''],
    [null, null],
    [true, 1],
    [false, 0],
    [
      [1, [2]],
      [1, [2]],
    ],
    [
      { k: 1, l: 2 },
      { l: 2, k: 1 },
    ],
  ])
    expect([a, b, equal(a, b)]).toEqual([a, b, [true, false]]);
  expect(value('{{ (0 * -1 == 0) | tojson }}')).toBe(true);
});

test('the tilde joins what it gets, as Python writes it', () => {
  const data = { one: 1, half: 0.5, none: null, nothing: null, yes: true, no: false, list: [1, 'a'] };
  expect(value('{{ (one ~ " " ~ half ~ " " ~ nothing ~ " " ~ yes ~ " " ~ no) | tojson }}', data)).toBe(
    '1 0.5 None True False',
  );
  expect(value('{{ (list ~ "") | tojson }}', data)).toBe('[1, "a"]');
});

test.each<[string, string]>([
  ['zz', '{{ (zz) | tojson }}'],
  ['zz', '{{ zz }}'],
  ['zz', '{{ zz.a.b }}'],
  ['a.zz', '{{ a.zz }}'],
  ['a.zz', '{{ a.zz.b | default(1) }}'],
  ['a["zz"]', '{{ a["zz"] }}'],
  ['xs[2]', '{{ xs[2] }}'],
  ['a.zz', '{% if a.zz %}1{% endif %}'],
  ['zz', '{% for x in zz %}1{% endfor %}'],
  ['zz', '{{ 1 if zz else 2 }}'],
  ['zz', '{{ zz == 1 }}'],
  ['zz', '{{ 1 ~ zz }}'],
  ['zz', '{{ not zz }}'],
  ['zz', '{{ 1 in zz }}'],
  ['zz', '{{ {"k": zz} | tojson }}'],
  ['zz', '{% set b = zz %}{{ b }}'],
  ['x.zz', '{% for x in [a] %}{{ x.zz }}{% endfor %}'],
  ['xs.append', '{{ xs.append }}'],
  ['xs|first', '{% set xs = [] %}{{ xs | first }}'],
])('what is missing is named: %s in %s', (name, template) => {
  expect(() => value(template, { a: {}, xs: [1, 2] })).toThrow(`'${name}' is undefined`);
});

test('other values that are not there are errors too', () => {
  expect(() => value('{{ 1 if false }}')).toThrow('an inline if without else is undefined');
  const names = '{{ xs | map(attribute="name") | join(", ") | tojson }}';
  expect(value(names, { xs: [{ name: 'a' }, { name: 'b' }] })).toBe('a, b');
  expect(() => value(names, { xs: [{ name: 'a' }, {}] })).toThrow("an item of 'xs|map' is undefined");
});

test('append takes one item, and only to a list', () => {
  const message = 'append takes one item, and only to a list';
  for (const call of ['[].append()', '[].append(1, 2)', '"a".append(1)', '{}.append(1)'])
    expect(() => value(`{{ ${call} }}`)).toThrow(message);
});

test('data is read as JSON, and nulls of the widget are dropped', () => {
  expect(value('{{ d | tojson }}', { d: { at: new Date(0), none: null, absent: undefined, list: [null, 1] } })).toEqual(
    {
      at: '1970-01-01T00:00:00.000Z',
      list: [1],
    },
  );
  expect(() => value('{{ d.absent }}', { d: { absent: undefined } })).toThrow("'d.absent' is undefined");
});

test('what a template does with its data stays in it', () => {
  const data = { xs: [1] };
  const template = new WidgetTemplate(define('{% set _ = xs.append(2) %}{"type":"Card","xs":{{ xs | tojson }}}'));
  expect([template.build(data).xs, template.build(data).xs, data.xs]).toEqual([[1, 2], [1, 2], [1]]);
});

test.each<[string, string, string]>([
  ['a tag', '{{ x | tojson }', 'Expected closing expression'],
  ['a string', '{{ "x }}', 'Unexpected end of input'],
  ['a block', '{% if x %}', 'the template ends inside a block or a tag'],
  ['a list', '{{ [1, 2 }}', 'Unexpected token'],
])('a template that does not close %s is refused when it is loaded', (_case, template, message) => {
  expect(() => new WidgetTemplate(define(template))).toThrow(`widget template "parcel": `);
  expect(() => new WidgetTemplate(define(template))).toThrow(message);
});

test('unknown statements, filters and tests are named', () => {
  expect(() => value('{% include "x" %}')).toThrow('widget template "parcel": Unknown statement type: include');
  expect(() => value('{{ "a" | shout }}')).toThrow('widget template "parcel": Unknown StringValue filter: shout');
  expect(() => value('{{ 1 is prime }}')).toThrow('widget template "parcel": Unknown test: prime');
});

test.each<[string, unknown]>([
  ['version must be "1.0"', { version: '2.0', name: 'm', template: '{}' }],
  ['version must be "1.0"', { name: 'm', template: '{}' }],
  ['name Invalid input: expected string, received undefined', { version: '1.0', template: '{}' }],
  ['template Invalid input: expected string, received object', { version: '1.0', name: 'm', template: {} }],
  ['Invalid input: expected object, received array', []],
])('a file that is no template is refused: %s', (message, json) => {
  expect(() => new WidgetTemplate(json)).toThrow(new Error(`not a widget template: ${message}`));
});

test.each(['Box', 'card', ''])('a root that is a %j is refused', (type) => {
  expect(() => new WidgetTemplate(define(`{"type":"${type}"}`)).build()).toThrow(
    'widget template "parcel": its root is not a Card, a ListView or a Basic',
  );
});

test.each(['[]', '"Card"', 'null', '{}'])('a root that is %s is refused', (text) => {
  expect(() => new WidgetTemplate(define(text)).build()).toThrow('its root is not a Card, a ListView or a Basic');
});

test.each(['Card', 'ListView', 'Basic'])('a root may be a %s', (type) => {
  expect(new WidgetTemplate(define(`{"type":"${type}","children":[]}`)).build()).toEqual({ type, children: [] });
});

test('text that is not JSON is an error that keeps the text out of its message', () => {
  const template = new WidgetTemplate(define('{"type":"Card","value":{{ secret }}}'));
  let error: unknown;
  try {
    template.build({ secret: 'hunter2' });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toEqual(new Error('widget template "parcel": it renders to text that is not JSON'));
  expect(error).toHaveProperty('cause', '{"type":"Card","value":hunter2}');
});

test('a template is read from its file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'widget-template-'));
  try {
    const path = join(folder, 'parcel.widget');
    await writeFile(path, JSON.stringify(define('{"type":"Card","children":[]}')));
    const template = await WidgetTemplate.fromFile(path);
    expect([template.name, template.build()]).toEqual(['parcel', { type: 'Card', children: [] }]);
    await writeFile(path, '{"version":"2.0","name":"parcel","template":""}');
    await expect(WidgetTemplate.fromFile(path)).rejects.toThrow(
      `${path}: not a widget template: version must be "1.0"`,
    );
    await writeFile(path, '{');
    await expect(WidgetTemplate.fromFile(path)).rejects.toThrow(`${path}: Expected property name`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
