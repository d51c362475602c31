import type { Entity } from '@openai/chatkit';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComposerPart } from './composer-part.ts';
import { findTrigger, type Trigger } from './find-trigger.ts';
import { groupRows } from './menu-row.tsx';
import { ownCommands } from './own-commands.ts';
import { replaceInDraft } from './replace-in-draft.ts';
import { commandRow, entityRow, matching, type Suggestion, tagOf } from './suggestion.ts';

/** Milliseconds of rest before the host is asked: fast typing asks once. */
const REST = 150;

interface Found {
  sign: Trigger['sign'];
  rows: readonly Suggestion[];
}

export interface Suggesting {
  rows: readonly Suggestion[];
  active: number;
  waiting: boolean;
  pick: (index: number) => void;
}

/** What stands below the "@" or "/" that the caret belongs to, and the keys that move in it. Undefined without one. */
export function useSuggestions(part: ComposerPart): Suggesting | undefined {
  const { input, chat, settings } = part;
  const [trigger, setTrigger] = useState<Trigger>();
  const [found, setFound] = useState<Found>();
  const [path, setPath] = useState<readonly (readonly Suggestion[])[]>([]);
  const [active, setActive] = useState(0);
  const [waiting, setWaiting] = useState(false);
  /** The sign at which the visitor closed the suggestions. */
  const dismissed = useRef<number>(undefined);

  // In the order in which their groups are drawn: there the arrows move.
  const rows = trigger ? groupRows(rowsOf(trigger)).flatMap(([, members]) => members) : [];
  const now = useRef({ trigger, rows, path, active, take, pick, close });
  now.current = { trigger, rows, path, active: Math.min(active, rows.length - 1), take, pick, close };

  function rowsOf({ sign, query }: Trigger): readonly Suggestion[] {
    const submenu = path.at(-1);
    if (submenu) return matching(submenu, query);
    const own = sign === '/' ? matching(ownCommands(part), query) : [];
    return found?.sign === sign ? [...own, ...found.rows] : own;
  }

  function close(): void {
    setTrigger(undefined);
    setPath([]);
    setFound(undefined);
    setActive(0);
  }

  /** Looks at what stands before the caret: `typed` by the visitor it may open the suggestions, otherwise only close. */
  function take(typed: boolean): void {
    const node = input.current;
    if (!node || node.selectionStart !== node.selectionEnd) return close();
    const next = findTrigger(node.value, node.selectionStart, chat.state.get().tags);
    if (!next || !(next.sign === '@' ? settings.mentions : settings.commands)) {
      dismissed.current = undefined;
      return close();
    }
    if (!typed && next.from !== trigger?.from) dismissed.current = next.from;
    if (next.from === dismissed.current) return close();
    if (next.from !== trigger?.from) close();
    if (next.query !== trigger?.query) setActive(0);
    setTrigger(next);
  }

  /** Puts an entity, or nothing, in the place of the sign and what was typed after it. */
  function finish({ from, query }: Trigger, entity?: Entity): void {
    if (input.current) replaceInDraft(input.current, chat, from, from + 1 + query.length, entity && tagOf(entity));
    close();
  }

  async function pick(index: number): Promise<void> {
    const row = rows[index];
    if (!row || !trigger || row.disabled || waiting) return;
    if (row.kind === 'entity') return finish(trigger, row.entity);
    if (row.kind === 'action') {
      finish(trigger);
      return row.run();
    }
    // The sign stays while the choice goes on; what was typed to find the row has done its work.
    const bare = { ...trigger, query: '' };
    if (input.current) replaceInDraft(input.current, chat, trigger.from + 1, trigger.from + 1 + trigger.query.length);
    setTrigger(bare);
    if (row.kind === 'menu') return enter(row.rows);
    setWaiting(true);
    try {
      const selection = await settings.commands?.onSelect?.(row.command);
      if (selection?.type === 'menu') enter(selection.commands.map(commandRow));
      // Unless the host wrote a draft of its own meanwhile.
      else if (chat.state.get().draft[trigger.from] === '/')
        finish(bare, selection?.type === 'entity' ? selection.entity : undefined);
    } catch (error) {
      chat.report(error);
      finish(bare);
    } finally {
      setWaiting(false);
    }
  }

  function enter(menu: readonly Suggestion[]): void {
    setPath([...path, menu]);
    setActive(0);
  }

  useEffect(() => {
    if (!trigger || path.length > 0) return;
    let stale = false;
    const timer = setTimeout(() => {
      void lookUp(trigger)
        .catch((error: unknown) => {
          chat.report(error);
          return [];
        })
        .then((answer) => {
          if (!stale) setFound({ sign: trigger.sign, rows: answer });
        });
    }, REST);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [trigger?.sign, trigger?.from, trigger?.query, path.length]);

  async function lookUp({ sign, query }: Trigger): Promise<Suggestion[]> {
    if (sign === '@') return ((await settings.mentions?.search(query)) ?? []).map(entityRow);
    return ((await settings.commands?.onSearch?.(query)) ?? []).map(commandRow);
  }

  useLayoutEffect(() => {
    const node = input.current;
    if (!node) return;
    const listening = new AbortController();
    const { signal } = listening;

    function onKeyDown(event: KeyboardEvent): void {
      const { trigger, rows, path, active, pick, close } = now.current;
      if (!trigger || event.isComposing || event.keyCode === 229) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const picks = (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey;
      if (event.key === 'Escape') {
        if (path.length > 0) setPath(path.slice(0, -1));
        else {
          dismissed.current = trigger.from;
          close();
        }
      } else if (step && rows.length > 0) setActive((active + step + rows.length) % rows.length);
      else if (picks && rows.length > 0) void pick(active);
      else return;
      // Neither the composer nor the panel around the element must hear of this one.
      event.stopImmediatePropagation();
      event.preventDefault();
    }

    node.addEventListener('keydown', onKeyDown, { capture: true, signal });
    // A pasted name is not a question for it.
    const onInput = (event: Event) => now.current.take((event as InputEvent).inputType !== 'insertFromPaste');
    node.addEventListener('input', onInput, { signal });
    node.addEventListener('blur', () => now.current.close(), { signal });
    for (const target of [node, document])
      target.addEventListener('selectionchange', () => now.current.trigger && now.current.take(false), { signal });
    // The sign may have been typed before this was here.
    if ((node.getRootNode() as ShadowRoot).activeElement === node) take(true);
    return () => listening.abort();
  }, []);

  // The draft was sent, or the host wrote another.
  useLayoutEffect(() => {
    if (trigger && part.state.draft[trigger.from] !== trigger.sign) close();
  }, [part.state.draft]);

  if (!trigger) return undefined;
  return {
    rows,
    active: now.current.active,
    waiting: waiting || (!found && path.length === 0),
    pick: (index) => void pick(index),
  };
}
