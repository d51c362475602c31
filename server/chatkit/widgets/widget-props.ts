/**
 * What a control does. The element merges the fields of a form into the payload. With `handler: 'client'` it never
 * reaches the server, with `streaming: false` it arrives as `threads.sync_custom_action`.
 */
export interface ActionConfig {
  type: string;
  payload?: Record<string, unknown>;
  handler?: 'client' | 'server';
  loadingBehavior?: 'auto' | 'none' | 'self' | 'container';
  streaming?: boolean;
}
export type CardAction = {
  label: string;
  action: ActionConfig;
};

export type Theme = 'light' | 'dark';
export type Direction = 'row' | 'col';
export type Side = 'top' | 'bottom' | 'left' | 'right';
export type Align = 'start' | 'center' | 'end' | 'baseline' | 'stretch';
export type TextAlign = 'start' | 'center' | 'end';
export type TextSize = 'xs' | 'sm' | 'md' | 'lg' | 'xl';
export type ControlVariant = 'solid' | 'soft' | 'outline' | 'ghost';
export type ControlSize = '3xs' | '2xs' | 'xs' | 'sm' | 'md' | 'lg' | 'xl' | '2xl' | '3xl';
export type Color = string | { dark: string; light: string };
export type Status = { text: string } & ({ favicon?: string; frame?: boolean } | { icon?: IconName });

export type Spacing = {
  top?: number | string;
  right?: number | string;
  bottom?: number | string;
  left?: number | string;
  x?: number | string;
  y?: number | string;
};
export type Border = {
  size: number;
  color?: Color;
  style?: 'solid' | 'dashed' | 'dotted' | 'double' | 'groove' | 'ridge' | 'inset' | 'outset';
};
export type Borders = Partial<Record<Side | 'x' | 'y', number | Border>>;

export type Block = {
  height?: number | string;
  width?: number | string;
  size?: number | string;
  minHeight?: number | string;
  minWidth?: number | string;
  minSize?: number | string;
  maxHeight?: number | string;
  maxWidth?: number | string;
  maxSize?: number | string;
  aspectRatio?: number | string;
  radius?: '2xs' | 'xs' | 'sm' | 'md' | 'lg' | 'xl' | '2xl' | '3xl' | '4xl' | 'full' | '100%' | 'none';
  margin?: number | string | Spacing;
};
export type Layout = Block & {
  align?: Align;
  justify?: 'start' | 'center' | 'end' | 'between' | 'around' | 'evenly' | 'stretch';
  wrap?: 'nowrap' | 'wrap' | 'wrap-reverse';
  flex?: number | string;
  gap?: number | string;
  padding?: number | string | Spacing;
  border?: number | Border | Borders;
  background?: Color;
};
export type TextStyle = {
  value: string;
  color?: Color;
  weight?: 'normal' | 'medium' | 'semibold' | 'bold';
  textAlign?: TextAlign;
  truncate?: boolean;
  maxLines?: number;
};

export type Field = {
  name: string;
  disabled?: boolean;
};
export type Picker = Field & {
  onChangeAction?: ActionConfig;
  placeholder?: string;
  defaultValue?: string;
  variant?: ControlVariant;
  size?: ControlSize;
  pill?: boolean;
  block?: boolean;
  clearable?: boolean;
};
export type TextField = Field & {
  defaultValue?: string;
  required?: boolean;
  pattern?: string;
  placeholder?: string;
  allowAutofillExtensions?: boolean;
  autoSelect?: boolean;
  autoFocus?: boolean;
  variant?: 'soft' | 'outline';
  size?: ControlSize;
  gutterSize?: '2xs' | 'xs' | 'sm' | 'md' | 'lg' | 'xl';
};

type SeriesBase = {
  /** Without a label it is null, which leaves the prop out. */
  label: string | null;
  dataKey: string;
  color?: Color;
};
export type Series = SeriesBase &
  (
    | { type: 'bar'; stack?: string }
    | { type: 'area'; stack?: string; curveType?: CurveType }
    | { type: 'line'; curveType?: CurveType }
  );
type CurveType =
  | `basis${'' | 'Closed' | 'Open'}`
  | `bump${'' | 'X' | 'Y'}`
  | `linear${'' | 'Closed'}`
  | 'natural'
  | `monotone${'' | 'X' | 'Y'}`
  | `step${'' | 'Before' | 'After'}`;

/** The icons that every element draws, and those of sets that an element may know besides. */
export type IconName =
  | `lucide:${string}`
  | `vendor:${string}`
  | 'agent'
  | 'analytics'
  | 'atom'
  | 'batch'
  | 'bolt'
  | 'book-open'
  | 'book-closed'
  | 'book-clock'
  | 'bug'
  | 'calendar'
  | 'chart'
  | 'check'
  | 'check-circle'
  | 'check-circle-filled'
  | 'chevron-left'
  | 'chevron-right'
  | 'circle-question'
  | 'clock'
  | 'compass'
  | 'confetti'
  | 'cube'
  | 'desktop'
  | 'document'
  | 'dot'
  | 'dots-horizontal'
  | 'dots-vertical'
  | 'empty-circle'
  | 'external-link'
  | 'globe'
  | 'keys'
  | 'lab'
  | 'images'
  | 'info'
  | 'lifesaver'
  | 'lightbulb'
  | 'mail'
  | 'map-pin'
  | 'maps'
  | 'mobile'
  | 'name'
  | 'notebook'
  | 'notebook-pencil'
  | 'page-blank'
  | 'phone'
  | 'play'
  | 'plus'
  | 'profile'
  | 'profile-card'
  | 'reload'
  | 'star'
  | 'star-filled'
  | 'search'
  | 'sparkle'
  | 'sparkle-double'
  | 'square-code'
  | 'square-image'
  | 'square-text'
  | 'suitcase'
  | 'settings-slider'
  | 'user'
  | 'wreath'
  | 'write'
  | 'write-alt'
  | 'write-alt2';
