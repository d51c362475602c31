import type { Command, Entity } from '@openai/chatkit';
import type { Tag } from '../state/draft.ts';
import type { MenuRow } from './menu-row.tsx';

/** A row below a sign, and what picking it does: name an entity, do something here, open more rows, or ask the host. */
export type Suggestion = MenuRow &
  (
    | { kind: 'entity'; entity: Entity }
    | { kind: 'action'; run: () => void }
    | { kind: 'menu'; rows: readonly Suggestion[] }
    | { kind: 'command'; command: Command }
  );

export function entityRow(entity: Entity): Suggestion {
  const { id, title, icon, group } = entity;
  return { kind: 'entity', entity, id, label: title, icon, group };
}

export function commandRow(command: Command): Suggestion {
  const { id, label, description, icon, group } = command;
  return { kind: 'command', command, id, label, description, icon, group };
}

/** As the protocol writes an entity: the reference server requires `data`. */
export function tagOf({ id, title, group, data, interactive }: Entity): Tag {
  return {
    type: 'input_tag',
    id,
    text: title,
    data: data ?? {},
    interactive: interactive ?? false,
    ...(group ? { group } : {}),
  };
}

/** The rows that have what was typed in their label. */
export function matching(rows: readonly Suggestion[], query: string): Suggestion[] {
  const wanted = query.toLowerCase();
  return rows.filter(({ label }) => label.toLowerCase().includes(wanted));
}
