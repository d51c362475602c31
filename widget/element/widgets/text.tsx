import type { WidgetNode } from '../../../protocol/widget.ts';
import { Markdown } from '../view/markdown.tsx';
import type { NodeProps } from './node-view.ts';
import { colour } from './read-colour.ts';
import { oneOf, text } from './read-prop.ts';
import { length } from './read-style.ts';

const TITLE_SIZES = ['md', 'sm', 'lg', 'xl', '2xl', '3xl', '4xl', '5xl'] as const;
const WEIGHTS = new Map(Object.entries({ normal: '400', medium: '500', semibold: '600', bold: '700' }));
const TEXT_SIZES = ['md', 'xs', 'sm', 'lg', 'xl'] as const;

export function Text({ node }: NodeProps) {
  const least = typeof node['minLines'] === 'number' ? { 'min-height': `${node['minLines'] * 1.5}em` } : {};
  const width = length(node['width'], 1);
  const marks = `${node['italic'] === true ? ' italic' : ''}${node['lineThrough'] === true ? ' struck' : ''}`;
  return (
    <p
      dir="auto"
      class={`w-text size-${oneOf(node['size'], TEXT_SIZES)}${marks} ${shape(node)}`}
      style={{ ...style(node), ...least, ...(width ? { width } : {}) }}
    >
      {text(node['value'])}
    </p>
  );
}

export function Title({ node }: NodeProps) {
  return (
    <h4 dir="auto" class={`w-title size-${oneOf(node['size'], TITLE_SIZES)} ${shape(node)}`} style={style(node)}>
      {text(node['value'])}
    </h4>
  );
}

export function Caption({ node }: NodeProps) {
  const size = oneOf(node['size'], ['md', 'sm', 'lg']);
  return (
    <p dir="auto" class={`w-caption size-${size} ${shape(node)}`} style={style(node)}>
      {text(node['value'])}
    </p>
  );
}

const NO_SOURCES: [] = [];

export function WidgetMarkdown({ node, scope }: NodeProps) {
  return (
    <Markdown
      text={text(node['value'])}
      streaming={node['streaming'] === true}
      sources={NO_SOURCES}
      imageDomains={scope.imageDomains}
      strings={scope.strings}
    />
  );
}

function shape(node: WidgetNode): string {
  return node['truncate'] === true ? 'truncate' : typeof node['maxLines'] === 'number' ? 'clamp' : '';
}

function style(node: WidgetNode): Record<string, string> {
  const paint = colour(node['color']);
  const { textAlign, maxLines } = node;
  const heavy = WEIGHTS.get(text(node['weight']));
  return {
    ...(paint ? { color: paint } : {}),
    ...(heavy ? { 'font-weight': heavy } : {}),
    ...(textAlign ? { 'text-align': oneOf(textAlign, ['start', 'center', 'end']) } : {}),
    ...(typeof maxLines === 'number' ? { '--lines': String(maxLines) } : {}),
  };
}
