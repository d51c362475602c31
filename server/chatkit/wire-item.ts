import type { Attachment, ThreadItem } from '../../protocol/item.ts';
import type { StoredAttachment } from './store.ts';
import { toWireWidget } from './widgets/wire-widget.ts';

/** The item as a client may see it, whoever stored it: no metadata of attachments, no null where the wire has none. */
export function toWireItem(item: ThreadItem): ThreadItem {
  switch (item.type) {
    case 'user_message':
      return item.attachments.length > 0 ? { ...item, attachments: item.attachments.map(toWireAttachment) } : item;
    case 'widget':
      return { ...item, widget: toWireWidget(item.widget) };
    case 'client_tool_call': {
      // A tool that gave null has answered: its status says so.
      const { output, ...call } = item;
      return output === null ? call : item;
    }
    default:
      return item;
  }
}

/** The attachment as a client may see it: its metadata is the server's own. */
export function toWireAttachment(attachment: StoredAttachment): Attachment {
  const wire = { ...attachment };
  delete wire.metadata;
  return wire;
}
