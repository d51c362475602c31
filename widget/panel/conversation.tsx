import type { SupportedLocale, ThemeOption } from '@openai/chatkit';
import { ChatKit, type UseChatKitReturn, useChatKit } from '@openai/chatkit-react';
import { useRef, useState } from 'preact/hooks';
import { type PassagePlace, READ_PAGE, SHOW_PASSAGE } from '../../protocol/page-tools.ts';
import type { SiteView } from '../../protocol/session.ts';
import type { TagSettings } from './panel-options.ts';
import type { Slot } from './site-memory.ts';

export type Chat = Pick<UseChatKitReturn, 'focusComposer' | 'sendUserMessage' | 'setComposerValue' | 'setThreadId'>;

interface ConversationProps {
  server: string;
  chatFetch: typeof fetch;
  site: SiteView;
  tag: TagSettings;
  scheme: 'light' | 'dark';
  threadId: Slot;
  emit: (event: string, detail?: unknown) => void;
  /** The model wants to read more of the page; the next request brings it. */
  onReadPage: (query: string) => void;
  onShowPassage: (place: PassagePlace) => void;
  /** The element itself has a problem. */
  onError: (error: Error) => void;
  /** The composer can be typed in. */
  onReady: (chat: Chat) => void;
}

/** OpenAI's React binding around `<openai-chatkit>`, with what tag and site say; the tag wins. */
export function Conversation(props: ConversationProps) {
  const { server, chatFetch, site, tag, scheme, threadId, emit, onReady } = props;
  // The option counts at the first mount alone, and the remembered thread changes while we are mounted.
  const initialThread = useRef(threadId.get() ?? null).current;
  const [hasThread, setHasThread] = useState(initialThread !== null);
  const { max_size, max_count, accept } = site.attachments;
  const accent = tag.accent ?? site.accent;
  const greeting = tag.greeting ?? site.greeting;
  const theme: ThemeOption = {
    colorScheme: scheme,
    ...(accent ? { color: { accent: { primary: accent, level: 1 } } } : {}),
  };
  const chat = useChatKit({
    // The key is OpenAI's to check; ours needs none, but their element insists on the word.
    api: {
      url: `${server}chatkit`,
      domainKey: tag.domainKey ?? 'self-hosted',
      fetch: chatFetch,
      uploadStrategy: { type: 'two_phase' },
    },
    theme,
    frameTitle: site.name,
    initialThread,
    ...(tag.locale ? { locale: tag.locale as SupportedLocale } : {}),
    header: hasThread ? {} : { title: { text: site.name } },
    history: { enabled: true, showDelete: true, showRename: true },
    startScreen: { ...(greeting ? { greeting } : {}), prompts: site.prompts },
    composer: {
      ...(site.placeholder ? { placeholder: site.placeholder } : {}),
      attachments: { enabled: true, maxSize: max_size, maxCount: max_count, accept },
      dictation: { enabled: site.dictation },
    },
    threadItemActions: { feedback: true, retry: true },
    ...(site.disclaimer ? { disclaimer: { text: site.disclaimer } } : {}),
    onClientTool: ({ name, params }) => {
      if (name !== READ_PAGE) throw new Error(`this page has no tool "${name}"`);
      props.onReadPage(wordsOf(params, 'query') ?? '');
      return {};
    },
    onReady: () => {
      emit('chatkit.ready');
      onReady(chat);
    },
    onThreadChange: (detail) => {
      threadId.set(detail.threadId ?? undefined);
      setHasThread(detail.threadId !== null);
      emit('chatkit.thread.change', detail);
    },
    onError: (detail) => {
      console.error('Pagewise:', detail.error);
      emit('chatkit.error', detail);
      props.onError(detail.error);
    },
    onResponseStart: () => emit('chatkit.response.start'),
    onResponseEnd: () => emit('chatkit.response.end'),
    onThreadLoadStart: (detail) => emit('chatkit.thread.load.start', detail),
    onThreadLoadEnd: (detail) => emit('chatkit.thread.load.end', detail),
    onToolChange: (detail) => emit('chatkit.tool.change', detail),
    onHistoryOpen: () => emit('chatkit.history.open'),
    onHistoryClose: () => emit('chatkit.history.close'),
    onEffect: (detail) => {
      if (detail.name === SHOW_PASSAGE) props.onShowPassage(placeOf(detail.data));
      else emit('chatkit.effect', detail);
    },
    onDeeplink: (detail) => emit('chatkit.deeplink', detail),
    onLog: (detail) => emit('chatkit.log', detail),
  });
  return <ChatKit control={chat.control} class="chat" />;
}

function placeOf(data: Record<string, unknown> = {}): PassagePlace {
  const [text, heading] = [wordsOf(data, 'text'), wordsOf(data, 'heading')];
  return { ...(text !== undefined && { text }), ...(heading !== undefined && { heading }) };
}

function wordsOf(data: Record<string, unknown>, field: string): string | undefined {
  const value = data[field];
  return typeof value === 'string' ? value : undefined;
}
