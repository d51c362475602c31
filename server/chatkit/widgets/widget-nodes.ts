import type {
  ActionConfig,
  Align,
  Block,
  Border,
  Borders,
  CardAction,
  Color,
  ControlSize,
  ControlVariant,
  Direction,
  Field,
  IconName,
  Layout,
  Picker,
  Series,
  Side,
  Spacing,
  Status,
  TextAlign,
  TextField,
  TextSize,
  TextStyle,
  Theme,
} from './widget-props.ts';

/**
 * The props of every widget node by its type: those that OpenAI publishes for its element, and what the reference knows
 * besides. A length is in pixels as a number, CSS or a step of the theme as a string.
 */
export interface WidgetNodes {
  Card: {
    children: WidgetComponent[];
    asForm?: boolean;
    background?: Color;
    border?: number | Border | Borders;
    size?: 'sm' | 'md' | 'lg' | 'full';
    padding?: number | string | Spacing;
    status?: Status;
    collapsed?: boolean;
    confirm?: CardAction;
    cancel?: CardAction;
    theme?: Theme;
  };
  ListView: { children: Widget<'ListViewItem'>[]; limit?: number | 'auto'; status?: Status; theme?: Theme };
  ListViewItem: { children: WidgetComponent[]; onClickAction?: ActionConfig; gap?: number | string; align?: Align };
  Basic: {
    children: WidgetComponent | WidgetComponent[];
    theme?: Theme;
    direction?: Direction;
  } & Pick<Layout, 'gap' | 'padding' | 'align' | 'justify'>;

  Box: Container & { direction?: Direction };
  Row: Container;
  Col: Container;
  Form: Container & { direction?: Direction; onSubmitAction?: ActionConfig };
  Divider: { color?: Color; size?: number | string; spacing?: number | string; flush?: boolean };
  Spacer: { minSize?: number | string };
  /** Nothing to show is null, which leaves the prop out. */
  Transition: { children: WidgetComponent | null };
  Table: { children?: Widget<'Table.Row'>[] };
  'Table.Row': { children?: Widget<'Table.Cell'>[]; header?: boolean };
  'Table.Cell': {
    children?: WidgetComponent[];
    width?: number | string;
    padding?: Spacing;
    colSpan?: number;
    rowSpan?: number;
    align?: 'start' | 'center' | 'end';
    vAlign?: 'start' | 'center' | 'end';
    colSize?: 'xs' | 'sm' | 'md' | 'lg' | 'xl';
  };

  Text: TextStyle & {
    streaming?: boolean;
    italic?: boolean;
    lineThrough?: boolean;
    width?: number | string;
    size?: TextSize;
    minLines?: number;
    editable?:
      | false
      | {
          name: string;
          autoFocus?: boolean;
          autoSelect?: boolean;
          autoComplete?: string;
          allowAutofillExtensions?: boolean;
          pattern?: string;
          placeholder?: string;
          required?: boolean;
        };
  };
  Title: TextStyle & { size?: 'sm' | 'md' | 'lg' | 'xl' | '2xl' | '3xl' | '4xl' | '5xl' };
  Caption: TextStyle & { size?: 'sm' | 'md' | 'lg' };
  Markdown: { value: string; streaming?: boolean };
  Badge: {
    label: string;
    color?: 'secondary' | 'success' | 'danger' | 'warning' | 'info' | 'discovery';
    variant?: 'solid' | 'soft' | 'outline';
    size?: 'sm' | 'md' | 'lg';
    pill?: boolean;
  };
  Icon: { name: IconName; color?: Color; size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl' | '2xl' | '3xl' };
  Image: Block & {
    src: string;
    alt?: string;
    fit?: 'cover' | 'contain' | 'fill' | 'scale-down' | 'none';
    position?: Side | 'center' | `${'top' | 'bottom'} ${'left' | 'right'}`;
    frame?: boolean;
    flush?: boolean;
    background?: Color;
    flex?: number | string;
  };
  Chart: Omit<Block, 'radius' | 'margin'> & {
    data: Record<string, string | number>[];
    series: Series[];
    xAxis: string | { dataKey: string; hide?: boolean; labels?: Record<string, string> };
    showYAxis?: boolean;
    showLegend?: boolean;
    showTooltip?: boolean;
    barGap?: number;
    barCategoryGap?: number;
    flex?: number | string;
  };

  Button: {
    submit?: boolean;
    label?: string;
    onClickAction?: ActionConfig;
    iconStart?: IconName;
    iconEnd?: IconName;
    style?: 'primary' | 'secondary';
    iconSize?: 'sm' | 'md' | 'lg' | 'xl' | '2xl';
    color?: 'primary' | 'secondary' | 'info' | 'discovery' | 'success' | 'caution' | 'warning' | 'danger';
    variant?: ControlVariant;
    size?: ControlSize;
    pill?: boolean;
    uniform?: boolean;
    block?: boolean;
    disabled?: boolean;
  };
  Select: Picker & {
    options: { value: string; label: string; disabled?: boolean; description?: string }[];
    searchable?: boolean;
  };
  /** `defaultValue`, `min` and `max` are dates as ISO 8601 writes them. */
  DatePicker: Picker & { min?: string; max?: string; side?: Side; align?: 'start' | 'center' | 'end' };
  Checkbox: Field & { label?: string; defaultChecked?: boolean; onChangeAction?: ActionConfig; required?: boolean };
  RadioGroup: Field & {
    options?: { label: string; value: string; disabled?: boolean }[];
    ariaLabel?: string;
    onChangeAction?: ActionConfig;
    defaultValue?: string;
    direction?: Direction;
    required?: boolean;
  };
  Input: TextField & { inputType?: 'number' | 'email' | 'text' | 'password' | 'tel' | 'url'; pill?: boolean };
  Textarea: TextField & { rows?: number; maxRows?: number; autoResize?: boolean };
  /** `fieldName` is the `name` of the field that it labels. */
  Label: { value: string; fieldName: string; size?: TextSize; textAlign?: TextAlign } & Pick<
    TextStyle,
    'weight' | 'color'
  >;
}

export type WidgetType = keyof WidgetNodes;

/** A node as it travels. Its id keeps it the same node while a widget is streamed, and names it to deltas of text. */
export type Widget<Type extends WidgetType = WidgetType> = Wire[Type];

type Wire = { [Type in WidgetType]: { type: Type; key?: string; id?: string } & WidgetNodes[Type] };

/** What stands in a widget: all but the roots and the nodes that belong into one kind of parent. */
export type WidgetComponent = Widget<
  Exclude<WidgetType, 'Card' | 'ListView' | 'Basic' | 'ListViewItem' | 'Table.Row' | 'Table.Cell'>
>;

type Container = Layout & { children?: WidgetComponent[] };
