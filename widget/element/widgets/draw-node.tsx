import type { WidgetNode } from '../../../protocol/widget.ts';
import { pure } from '../view/pure.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { Card } from './card.tsx';
import { Image } from './image.tsx';
import { Box, Divider, Spacer, Transition } from './layout.tsx';
import { ListView, ListViewItem } from './list-view.tsx';
import type { NodeView, WidgetScope } from './node-view.ts';
import { childrenOf, text } from './read-prop.ts';
import { Caption, Text, Title, WidgetMarkdown } from './text.tsx';
import { Icon } from './widget-icon.tsx';

/** What draws each type of node. A further one is one file and one line here. */
const VIEWS = new Map<string, NodeView>(
  Object.entries({
    Badge,
    Basic: Box,
    Box,
    Button,
    Caption,
    Card,
    Col: Box,
    Divider,
    Icon,
    Image,
    ListView,
    ListViewItem,
    Markdown: WidgetMarkdown,
    Row: Box,
    Spacer,
    Text,
    Title,
    Transition,
  }),
);
/** Nobody means a deeper tree, and the stack is finite. */
const DEEPEST = 40;

interface DrawnNodeProps {
  node: WidgetNode;
  path: string;
  depth: number;
  scope: WidgetScope;
}

/** A node with all below it; a type that is not known here shows nothing, and its neighbours stay. */
export const DrawnNode = pure(({ node, path, depth, scope }: DrawnNodeProps) => {
  const View = VIEWS.get(node.type);
  if (!View || depth > DEEPEST) return null;
  return (
    <View node={node} path={path} scope={scope}>
      {childrenOf(node).map((child, index) => (
        <DrawnNode
          key={text(child.key) || text(child.id) || undefined}
          node={child}
          path={`${path}.${index}`}
          depth={depth + 1}
          scope={scope}
        />
      ))}
    </View>
  );
});
