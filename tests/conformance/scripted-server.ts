import type { z } from 'zod';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { ThreadItem, UserMessageItem, WidgetItem } from '../../protocol/item.ts';
import type { ThreadMetadata } from '../../protocol/thread.ts';
import type { Action, ChatKitServerDeps, Recording } from '../../server/chatkit/chatkit-handlers.ts';
import { ChatKitServer } from '../../server/chatkit/chatkit-server.ts';
import { completeItem, type Loose } from './as-the-models.ts';
import type { Json } from './golden.ts';
import type { GoldenContext } from './recording-store.ts';
import { runSteps, type STEPS } from './steps.ts';

type Steps = z.infer<typeof STEPS>;

export interface Handlers {
  respond_events: Steps;
  action_events: Steps;
  sync_action_result: { updated_item?: Loose | null | undefined };
  transcribe_result: string;
}

interface Hooks {
  /** An event is about to be handed to the server. */
  onEmit: (event: ThreadStreamEvent) => void;
  /** The reader goes away. */
  onCancel: () => void;
}

/** A server whose handlers do what a transcript says, and note what they were given. */
export class ScriptedServer extends ChatKitServer<GoldenContext> {
  readonly calls: Json[] = [];
  readonly #handlers: Handlers;
  readonly #hooks: Hooks;

  constructor(deps: ChatKitServerDeps<GoldenContext>, handlers: Handlers, hooks: Hooks) {
    super(deps);
    this.#handlers = handlers;
    this.#hooks = hooks;
  }

  protected override async *respond(
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
  ): AsyncGenerator<ThreadStreamEvent> {
    this.calls.push({ respond: item?.id ?? null });
    yield* this.#run(this.#handlers.respond_events, thread);
  }

  protected override async *action(
    thread: ThreadMetadata,
    action: Action,
    sender: WidgetItem | undefined,
  ): AsyncGenerator<ThreadStreamEvent> {
    this.calls.push({ action: action.type, ...given(action, sender) });
    yield* this.#run(this.#handlers.action_events, thread);
  }

  protected override async syncAction(
    _thread: ThreadMetadata,
    action: Action,
    sender: WidgetItem | undefined,
  ): Promise<{ updated_item?: ThreadItem }> {
    this.calls.push({ sync_action: action.type, ...given(action, sender) });
    const { updated_item: item } = this.#handlers.sync_action_result;
    return item ? { updated_item: completeItem(item) } : {};
  }

  protected override async addFeedback(threadId: string, itemIds: string[], kind: string): Promise<void> {
    this.calls.push({ add_feedback: [threadId, itemIds, kind] });
  }

  protected override async transcribe({ audio, mimeType, mediaType }: Recording): Promise<{ text: string }> {
    this.calls.push({ transcribe: { bytes: audio.length, mime_type: mimeType, media_type: mediaType } });
    return { text: this.#handlers.transcribe_result };
  }

  async *#run(steps: Steps, thread: ThreadMetadata): AsyncGenerator<ThreadStreamEvent> {
    for await (const event of runSteps(steps, thread, this.#hooks.onCancel)) {
      this.#hooks.onEmit(event);
      yield event;
    }
  }
}

function given(action: Action, sender: WidgetItem | undefined): { payload: Json; sender: Json } {
  return { payload: (action.payload as Json | undefined) ?? null, sender: sender?.id ?? null };
}
