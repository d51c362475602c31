import type { Widget, WidgetType } from './widget-nodes.ts';
import { toWireWidget } from './wire-widget.ts';

/** What a builder takes: the props of its node; one that may be left out may be undefined too. */
type Props<Type extends WidgetType> = {
  [Name in Exclude<RequiredName<Widget<Type>>, 'type'>]: Widget<Type>[Name];
} & {
  [Name in Exclude<keyof Widget<Type>, RequiredName<Widget<Type>>>]?: Widget<Type>[Name] | undefined;
};
type RequiredName<Node> = { [Name in keyof Node]-?: object extends Pick<Node, Name> ? never : Name }[keyof Node];

type Builder<Type extends WidgetType> =
  object extends Props<Type> ? (props?: Props<Type>) => Widget<Type> : (props: Props<Type>) => Widget<Type>;

/** A function from props to the node as it travels: plain JSON, without what is undefined or null. */
function builder<Type extends WidgetType>(type: Type): Builder<Type> {
  return (props?: Props<Type>) => toWireWidget({ type, ...props }) as Widget<Type>;
}

export const Card = builder('Card');
export const ListView = builder('ListView');
export const ListViewItem = builder('ListViewItem');
export const Basic = builder('Basic');

export const Box = builder('Box');
export const Row = builder('Row');
export const Col = builder('Col');
export const Form = builder('Form');
export const Divider = builder('Divider');
export const Spacer = builder('Spacer');
export const Transition = builder('Transition');
export const Table = Object.assign(builder('Table'), { Row: builder('Table.Row'), Cell: builder('Table.Cell') });

export const Text = builder('Text');
export const Title = builder('Title');
export const Caption = builder('Caption');
export const Markdown = builder('Markdown');
export const Badge = builder('Badge');
export const Icon = builder('Icon');
export const Image = builder('Image');
export const Chart = builder('Chart');

export const Button = builder('Button');
export const Select = builder('Select');
export const DatePicker = builder('DatePicker');
export const Checkbox = builder('Checkbox');
export const RadioGroup = builder('RadioGroup');
export const Input = builder('Input');
export const Textarea = builder('Textarea');
export const Label = builder('Label');
