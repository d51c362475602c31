import type { Entity } from '@openai/chatkit';
import { type ComponentChild, createContext } from 'preact';
import type { EntitySource, Source, UserMessageContent } from '../../../protocol/item.ts';
import type { WidgetRoot } from '../../../protocol/widget.ts';
import type { EntityHandlers } from '../options.ts';
import type { Chat } from '../state/chat.ts';

/** What a text of the conversation may ask of what is around it. */
export interface HostPageTools {
  followDeeplink: Chat['followDeeplink'];
  entities: EntityHandlers;
  /** By this way, because what draws widgets draws texts too. */
  drawPreview: (widget: WidgetRoot) => ComponentChild;
}

/** By context, because what asks stands deep inside of texts. */
export const HostPage = createContext<HostPageTools>({
  followDeeplink: () => undefined,
  entities: { onClick: undefined, onRequestPreview: undefined },
  drawPreview: () => null,
});

/** A source or a tag that can be pressed and looked at, as the page knows it. */
export function entityOf(of: Source | UserMessageContent): Entity | undefined {
  if ((of.type !== 'entity' && of.type !== 'input_tag') || !of.interactive) return undefined;
  const { id, group, data, icon } = of as EntitySource;
  return {
    id,
    title: of.type === 'entity' ? of.title : of.text,
    interactive: true,
    data: (data ?? {}) as Record<string, string>,
    ...(icon ? { icon } : {}),
    ...(group ? { group } : {}),
  };
}
