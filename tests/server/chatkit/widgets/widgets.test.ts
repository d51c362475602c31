import { expect, expectTypeOf, test } from 'vitest';
// By its path: the package's entry names the file without its extension, so that TypeScript finds nothing behind it.
import type * as Published from '../../../../node_modules/@openai/chatkit/types/widgets.d.ts';
import type { WidgetRoot } from '../../../../protocol/widget.ts';
import type { Widget, WidgetComponent, WidgetType } from '../../../../server/chatkit/widgets/widget-nodes.ts';
import type { IconName } from '../../../../server/chatkit/widgets/widget-props.ts';
import {
  Badge,
  Basic,
  Box,
  Button,
  Caption,
  Card,
  Chart,
  Checkbox,
  Col,
  DatePicker,
  Divider,
  Form,
  Icon,
  Image,
  Input,
  Label,
  ListView,
  ListViewItem,
  Markdown,
  RadioGroup,
  Row,
  Select,
  Spacer,
  Table,
  Text,
  Textarea,
  Title,
  Transition,
} from '../../../../server/chatkit/widgets/widgets.ts';

const text = Text({ value: 'Hi' });
const go = { type: 'go', payload: { id: 7 } };

test('every builder gives the JSON of its node', () => {
  const built = {
    Card: Card({
      key: 'k',
      id: 'c',
      children: [text],
      size: 'sm',
      padding: { x: 4, top: '1rem' },
      border: { top: 1, x: { size: 2, color: 'red', style: 'dashed' } },
      background: { dark: '#000', light: '#fff' },
      status: { text: 'Sent', icon: 'check' },
      confirm: { label: 'Send', action: { ...go, handler: 'client', loadingBehavior: 'self', streaming: false } },
    }),
    ListView: ListView({
      children: [ListViewItem({ children: [] })],
      limit: 'auto',
      status: { text: '', frame: true },
    }),
    ListViewItem: ListViewItem({ children: [text], onClickAction: go, gap: '2px', align: 'baseline' }),
    Basic: Basic({ children: text, direction: 'row', theme: 'dark', gap: 2, justify: 'between' }),
    Box: Box({ direction: 'col', wrap: 'wrap-reverse', flex: 1, aspectRatio: '16/9', radius: '100%', margin: 0 }),
    Row: Row({ children: [text, text], align: 'center' }),
    Col: Col({ minWidth: '10%' }),
    Form: Form({ children: [], onSubmitAction: go, direction: 'col' }),
    Divider: Divider({ spacing: 8, flush: true }),
    Spacer: Spacer(),
    Transition: Transition({ children: text }),
    Table: Table({ children: [Table.Row({})] }),
    'Table.Row': Table.Row({ header: true, children: [Table.Cell()] }),
    'Table.Cell': Table.Cell({ children: [text], colSpan: 2, vAlign: 'end', colSize: 'xl', padding: { y: 1 } }),
    Text: Text({ value: '', id: 't', streaming: true, size: 'xs', editable: { name: 'n', required: true } }),
    Title: Title({ value: 'T', size: '5xl', weight: 'medium', maxLines: 2 }),
    Caption: Caption({ value: 'C', color: 'secondary', textAlign: 'end', truncate: true }),
    Markdown: Markdown({ value: '# M', streaming: false }),
    Badge: Badge({ label: 'New', color: 'discovery', variant: 'soft', pill: true }),
    Icon: Icon({ name: 'lucide:anchor', size: '3xl' }),
    Image: Image({ src: 'https://a.example/i.png', fit: 'scale-down', position: 'top left', width: 40, flush: true }),
    Chart: Chart({
      data: [{ month: 'May', sold: 3 }],
      series: [
        { type: 'bar', label: null, dataKey: 'sold', stack: 's' },
        { type: 'line', label: 'Sold', dataKey: 'sold', curveType: 'monotoneX' },
      ],
      xAxis: { dataKey: 'month', labels: { May: 'M' } },
      showLegend: false,
    }),
    Button: Button({ label: 'Go', onClickAction: go, iconEnd: 'chevron-right', style: 'primary', color: 'caution' }),
    Select: Select({ name: 's', options: [{ value: 'a', label: 'A', description: 'first' }], searchable: true }),
    DatePicker: DatePicker({ name: 'd', min: '2026-01-01', side: 'top', align: 'start', clearable: true }),
    Checkbox: Checkbox({ name: 'b', label: 'Yes', defaultChecked: true }),
    RadioGroup: RadioGroup({ name: 'r', options: [{ label: 'A', value: 'a', disabled: true }], direction: 'row' }),
    Input: Input({ name: 'i', inputType: 'email', gutterSize: '2xs', pill: true }),
    Textarea: Textarea({ name: 't', rows: 2, autoResize: false, variant: 'soft' }),
    Label: Label({ value: 'Name', fieldName: 'i', weight: 'semibold' }),
  } satisfies { [Type in WidgetType]: Widget<Type> };

  const hi = { type: 'Text', value: 'Hi' };
  expect(built).toStrictEqual({
    Card: {
      type: 'Card',
      key: 'k',
      id: 'c',
      children: [hi],
      size: 'sm',
      padding: { x: 4, top: '1rem' },
      border: { top: 1, x: { size: 2, color: 'red', style: 'dashed' } },
      background: { dark: '#000', light: '#fff' },
      status: { text: 'Sent', icon: 'check' },
      confirm: {
        label: 'Send',
        action: { type: 'go', payload: { id: 7 }, handler: 'client', loadingBehavior: 'self', streaming: false },
      },
    },
    ListView: {
      type: 'ListView',
      children: [{ type: 'ListViewItem', children: [] }],
      limit: 'auto',
      status: { text: '', frame: true },
    },
    ListViewItem: { type: 'ListViewItem', children: [hi], onClickAction: go, gap: '2px', align: 'baseline' },
    Basic: { type: 'Basic', children: hi, direction: 'row', theme: 'dark', gap: 2, justify: 'between' },
    Box: {
      type: 'Box',
      direction: 'col',
      wrap: 'wrap-reverse',
      flex: 1,
      aspectRatio: '16/9',
      radius: '100%',
      margin: 0,
    },
    Row: { type: 'Row', children: [hi, hi], align: 'center' },
    Col: { type: 'Col', minWidth: '10%' },
    Form: { type: 'Form', children: [], onSubmitAction: go, direction: 'col' },
    Divider: { type: 'Divider', spacing: 8, flush: true },
    Spacer: { type: 'Spacer' },
    Transition: { type: 'Transition', children: hi },
    Table: { type: 'Table', children: [{ type: 'Table.Row' }] },
    'Table.Row': { type: 'Table.Row', header: true, children: [{ type: 'Table.Cell' }] },
    'Table.Cell': { type: 'Table.Cell', children: [hi], colSpan: 2, vAlign: 'end', colSize: 'xl', padding: { y: 1 } },
    Text: { type: 'Text', value: '', id: 't', streaming: true, size: 'xs', editable: { name: 'n', required: true } },
    Title: { type: 'Title', value: 'T', size: '5xl', weight: 'medium', maxLines: 2 },
    Caption: { type: 'Caption', value: 'C', color: 'secondary', textAlign: 'end', truncate: true },
    Markdown: { type: 'Markdown', value: '# M', streaming: false },
    Badge: { type: 'Badge', label: 'New', color: 'discovery', variant: 'soft', pill: true },
    Icon: { type: 'Icon', name: 'lucide:anchor', size: '3xl' },
    Image: {
      type: 'Image',
      src: 'https://a.example/i.png',
      fit: 'scale-down',
      position: 'top left',
      width: 40,
      flush: true,
    },
    Chart: {
      type: 'Chart',
      data: [{ month: 'May', sold: 3 }],
      series: [
        { type: 'bar', dataKey: 'sold', stack: 's' },
        { type: 'line', label: 'Sold', dataKey: 'sold', curveType: 'monotoneX' },
      ],
      xAxis: { dataKey: 'month', labels: { May: 'M' } },
      showLegend: false,
    },
    Button: {
      type: 'Button',
      label: 'Go',
      onClickAction: go,
      iconEnd: 'chevron-right',
      style: 'primary',
      color: 'caution',
    },
    Select: {
      type: 'Select',
      name: 's',
      options: [{ value: 'a', label: 'A', description: 'first' }],
      searchable: true,
    },
    DatePicker: { type: 'DatePicker', name: 'd', min: '2026-01-01', side: 'top', align: 'start', clearable: true },
    Checkbox: { type: 'Checkbox', name: 'b', label: 'Yes', defaultChecked: true },
    RadioGroup: {
      type: 'RadioGroup',
      name: 'r',
      options: [{ label: 'A', value: 'a', disabled: true }],
      direction: 'row',
    },
    Input: { type: 'Input', name: 'i', inputType: 'email', gutterSize: '2xs', pill: true },
    Textarea: { type: 'Textarea', name: 't', rows: 2, autoResize: false, variant: 'soft' },
    Label: { type: 'Label', value: 'Name', fieldName: 'i', weight: 'semibold' },
  });
});

test('what is undefined or null is left out', () => {
  expect(Text({ value: 'a', size: undefined, id: undefined })).toStrictEqual({ type: 'Text', value: 'a' });
  expect(Divider({ flush: undefined })).toStrictEqual({ type: 'Divider' });
  expect(Transition({ children: null })).toStrictEqual({ type: 'Transition' });
});

test('props are exact: required ones, literals and parents', () => {
  // @ts-expect-error: a badge needs its label
  Badge();
  // @ts-expect-error: a card needs children
  Card({ size: 'sm' });
  // @ts-expect-error: a required prop is not undefined
  Card({ children: undefined });
  // @ts-expect-error: text is no number
  Text({ value: 1 });
  // @ts-expect-error: a card has no such size
  Card({ children: [], size: 'xl' });
  // @ts-expect-error: neither one of ours nor of a set
  Icon({ name: 'upload' });
  // @ts-expect-error: a bar has no curve
  Chart({ data: [], series: [{ type: 'bar', label: 'a', dataKey: 'a', curveType: 'step' }], xAxis: 'a' });
  // @ts-expect-error: rows scroll nowhere
  Row({ scroll: true });
  // @ts-expect-error: the type is the builder's
  Row({ type: 'Col' });
  // @ts-expect-error: a root stands in nothing
  Card({ children: [Card({ children: [] })] });
  // @ts-expect-error: a list holds its items alone
  ListView({ children: [text] });
  // @ts-expect-error: a row holds cells
  Table.Row({ children: [text] });
  expectTypeOf(Card({ children: [] })).toEqualTypeOf<Widget<'Card'>>();
  expectTypeOf<Widget>().toExtend<WidgetRoot>();
});

/** The types that OpenAI publishes for its element, by the name of the node on the wire. */
interface PublishedNodes {
  Card: Published.Card;
  ListView: Published.ListView;
  ListViewItem: Published.ListViewItem;
  Basic: Published.BasicRoot;
  Box: Published.Box;
  Row: Published.Row;
  Col: Published.Col;
  Form: Published.Form;
  Divider: Published.Divider;
  Spacer: Published.Spacer;
  Transition: Published.Transition;
  Table: Published.Table;
  'Table.Row': Published.TableRow;
  'Table.Cell': Published.TableCell;
  Text: Published.TextComponent;
  Title: Published.Title;
  Caption: Published.Caption;
  Markdown: Published.Markdown;
  Badge: Published.Badge;
  Icon: Published.Icon;
  Image: Published.Image;
  Button: Published.Button;
  Select: Published.Select;
  DatePicker: Published.DatePicker;
  Checkbox: Published.Checkbox;
  RadioGroup: Published.RadioGroup;
  Input: Published.Input;
  Textarea: Published.Textarea;
  Label: Published.Label;
}
/** The props, as `Node.prop`, that only one side has or that are not assignable both ways. */
type Difference = {
  [Type in keyof PublishedNodes]: DifferentProp<Type, PublishedNodes[Type], Widget<Type>>;
}[keyof PublishedNodes];
type DifferentProp<Type extends string, A, B> = {
  [Name in (keyof A | keyof B) & string]: IsSame<Prop<A, Name>, Prop<B, Name>> extends true ? never : `${Type}.${Name}`;
}[(keyof A | keyof B) & string];
type Prop<Node, Name> = Name extends keyof Node ? Pick<Node, Name> : never;
type IsSame<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

test('the published types name the same nodes and props', () => {
  expectTypeOf<Exclude<WidgetType, keyof PublishedNodes>>().toEqualTypeOf<'Chart'>();
  expectTypeOf<Exclude<Difference, `${string}.children`>>().toEqualTypeOf<
    // The reference knows these besides.
    | 'Image.background'
    | 'Image.flex'
    | 'Select.searchable'
    // The published names are a closed list, which lacks `clock` and the sets of `lucide:` and `vendor:`.
    | 'Icon.name'
    | 'Button.iconStart'
    | 'Button.iconEnd'
  >();
  expectTypeOf<Published.WidgetIcon>().toExtend<IconName>();
  // Children differ by the components that may stand there: theirs count the parts of tables, and know no chart.
  expectTypeOf<Exclude<WidgetComponent['type'], Published.WidgetComponent['type']>>().toEqualTypeOf<'Chart'>();
  expectTypeOf<Exclude<Published.WidgetComponent['type'], WidgetComponent['type']>>().toEqualTypeOf<
    'Table.Row' | 'Table.Cell'
  >();
});
