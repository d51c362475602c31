import type { ChatKitEvents } from '@openai/chatkit';
import type { Attachment, UserMessageContent, UserMessageItem } from '../../../protocol/item.ts';
import type { Thread } from '../../../protocol/thread.ts';
import type { WidgetRoot } from '../../../protocol/widget.ts';
import type { Strings } from '../strings/en.ts';
import type { DraftTag } from './draft.ts';
import type { DraftAttachment } from './draft-attachment.ts';
import type { Action } from './run-action.ts';

/** Everything that the element shows. Written by `chat.ts` and the parts it starts; the view only reads. */
export interface ChatState {
  layer: 'thread' | 'history';
  /** The active thread's id: known before its content while it loads, `null` for a new chat. */
  threadId: string | null;
  thread: Thread | undefined;
  loading: boolean;
  /** The page of items before those that are shown. */
  older: 'idle' | 'loading' | 'failed';
  /** The visitor's message from the moment it is sent until the server's own copy arrives. */
  pending: UserMessageItem | undefined;
  /** View keys of items that took another's place: the server's copy of a message keeps the node of the pending one. */
  keys: Readonly<Record<string, string>>;
  turn: RunningTurn | undefined;
  /** Answers that ended in the middle: their open marks stay closed for the eye. */
  interrupted: ReadonlySet<string>;
  failure: Failure | undefined;
  notices: readonly Notice[];
  draft: string;
  /** What the draft's text names of the host's, in the order of the text. */
  tags: readonly DraftTag[];
  /** The words of an answer that the draft replies to. */
  quote: string | undefined;
  /** The selected one of the composer's tools, for the next message. */
  toolId: string | null;
  /** The model that was picked; undefined for the default one. */
  modelId: string | undefined;
  /** The draft's files, in the order in which they were added. */
  attachments: readonly DraftAttachment[];
  /** What the composer has to say: a file that it did not take, a microphone that it may not use. */
  note: ComposerNote | undefined;
  history: History;
  /** The visitor's verdicts, by the id of the answer that shows them. */
  feedback: Readonly<Record<string, FeedbackKind>>;
  /** Questions asked since the thread was opened: each one is scrolled to the top. */
  turnsStarted: number;
}

export type ComposerNote = (strings: Strings, locale: string) => string;

export interface RunningTurn {
  allowCancel: boolean;
  progress: string | undefined;
  /** How far the images are that are being made, from 0 to 1, by their item's id; undefined once made. */
  imageProgress: Readonly<Record<string, number | undefined>>;
  /** What it says comes below the control that was pressed: a reader at the end is taken along. */
  isAction: boolean;
}

export interface Failure {
  describe: (strings: Strings) => string;
  /** What "try again" does: the turn once more, the draft that came back to the composer, or loading the thread. */
  retry: 'turn' | 'draft' | 'load' | undefined;
  /** Milliseconds that the server asked to wait before that. */
  wait?: number | undefined;
}

export interface Notice {
  level: 'info' | 'warning' | 'danger';
  message: string;
  title?: string;
}

export interface History {
  status: 'idle' | 'loading' | 'failed';
  threads: readonly Thread[];
  /** The cursor of the older ones; undefined when all are shown. */
  after: string | undefined;
}

/** What the host page does itself. Read when it is needed: new options count from the next call on. */
export interface HostHandlers {
  onClientTool: ((call: { name: string; params: Record<string, unknown> }) => unknown) | undefined;
  onWidgetAction: ((action: Action, item: { id: string; widget: WidgetRoot }) => unknown) | undefined;
}

export type FeedbackKind = 'positive' | 'negative';

/** Tells the host page; the element decides when its listeners can hear it. */
export type Emit = <Name extends keyof ElementEvents>(
  name: Name,
  ...detail: ElementEvents[Name]['detail'] extends void ? [] : [ElementEvents[Name]['detail']]
) => void;

/** The contract's events, and one of ours: a message has been sent, by hand or by a method. */
export type ElementEvents = ChatKitEvents & { 'pagewise.user-message': CustomEvent<SentMessage> };

export interface SentMessage {
  /** The thread that it goes to; null for a new one. */
  threadId: string | null;
  content: UserMessageContent[];
  reply: string | undefined;
  attachments: Attachment[];
}

export const EMPTY_CHAT: ChatState = {
  layer: 'thread',
  threadId: null,
  thread: undefined,
  loading: false,
  older: 'idle',
  pending: undefined,
  keys: {},
  turn: undefined,
  interrupted: new Set(),
  failure: undefined,
  notices: [],
  draft: '',
  tags: [],
  quote: undefined,
  toolId: null,
  modelId: undefined,
  attachments: [],
  note: undefined,
  history: { status: 'idle', threads: [], after: undefined },
  feedback: {},
  turnsStarted: 0,
};
