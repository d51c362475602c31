import type { ChatKitOptions, Entity, FileUploadStrategy, StartScreenPrompt, ThemeOption } from '@openai/chatkit';
import { type AttachmentLimits, readAttachmentLimits } from './attachment-limits.ts';
import { type ComposerChoices, readComposerChoices } from './composer-choices.ts';
import { record } from './record.ts';
import type { HostHandlers } from './state/chat-state.ts';
import { readSuggestionOptions, type SuggestionOptions } from './suggestion-options.ts';

/** ChatKit's options, or those with two words of ours: a theme may be `auto`, and the domain key may be left out. */
export type ElementOptions = ChatKitOptions | OwnOptions;

type OwnOptions = Omit<ChatKitOptions, 'api' | 'theme'> & {
  api: { url: string; fetch?: typeof fetch; domainKey?: string; uploadStrategy?: FileUploadStrategy };
  theme?: Scheme | (Omit<ThemeOption, 'colorScheme'> & { colorScheme?: Scheme });
};

export type Scheme = 'light' | 'dark' | 'auto';
export type Theme = Omit<ThemeOption, 'colorScheme'> & { colorScheme: Scheme };

/** A button of the host's own in the header. */
export interface HeaderAction {
  icon: string;
  onClick: () => void;
}

/** What the element works with: every default filled in, every value of the right type. */
export interface Settings extends SuggestionOptions {
  api: { url: string; fetch: typeof fetch | undefined; uploadUrl: string | undefined } | undefined;
  /** Why `api` cannot be used: `hosted` means the options name only OpenAI's own service. */
  problem: 'misconfigured' | 'hostedOnly' | undefined;
  /** BCP 47, sent as the only `Accept-Language`. */
  locale: string;
  theme: Theme;
  frameTitle: string | undefined;
  initialThread: string | null;
  header: {
    enabled: boolean;
    title: { enabled: boolean; text: string | undefined };
    leftAction: HeaderAction | undefined;
    rightAction: HeaderAction | undefined;
  };
  history: { enabled: boolean; canRename: boolean; canDelete: boolean };
  greeting: string | undefined;
  prompts: StartScreenPrompt[];
  placeholder: string | undefined;
  /** Which files the composer takes; undefined for none. */
  attachments: AttachmentLimits | undefined;
  dictation: boolean;
  choices: ComposerChoices;
  feedback: boolean;
  retry: boolean;
  disclaimer: { text: string; highContrast: boolean } | undefined;
  autoScroll: boolean;
  handlers: HostHandlers;
  entities: EntityHandlers;
}

/** What the host page does with the entities of the conversation. */
export interface EntityHandlers {
  onClick: ((entity: Entity) => unknown) | undefined;
  onRequestPreview: ((entity: Entity) => unknown) | undefined;
}

const KEYS: Record<keyof ChatKitOptions, true> = {
  api: true,
  locale: true,
  theme: true,
  frameTitle: true,
  initialThread: true,
  onClientTool: true,
  header: true,
  history: true,
  startScreen: true,
  threadItemActions: true,
  composer: true,
  disclaimer: true,
  entities: true,
  commands: true,
  widgets: true,
  thread: true,
};

/** The top-level keys that are not in the contract: a spelling mistake, or an option of another version. */
export function unknownKeys(options: unknown): string[] {
  return Object.keys(record(options)).filter((key) => !Object.hasOwn(KEYS, key));
}

/**
 * Reads what a host gave, whatever it is: a wrong type counts as absent, so this never throws. Options replace each
 * other as a whole, hence a missing key is the default and not the value of before.
 */
export function readOptions(options: unknown): Settings {
  const given = record(options);
  const api = record(given.api);
  const url = text(api.url);
  const header = record(given.header);
  const title = record(header.title);
  const history = record(given.history);
  const upload = record(api.uploadStrategy);
  const start = record(given.startScreen);
  const composer = record(given.composer);
  const actions = record(given.threadItemActions);
  const disclaimer = record(given.disclaimer);
  const disclaimerText = text(disclaimer.text);
  return {
    api: url
      ? {
          url,
          fetch: typeof api.fetch === 'function' ? (api.fetch as typeof fetch) : undefined,
          // The other strategy needs no address: the server names one for each file.
          uploadUrl: upload.type === 'direct' ? text(upload.uploadUrl) : undefined,
        }
      : undefined,
    problem: url ? undefined : typeof api.getClientSecret === 'function' ? 'hostedOnly' : 'misconfigured',
    locale: readLocale(given.locale) ?? (typeof navigator === 'undefined' ? 'en' : navigator.language || 'en'),
    theme: readTheme(given.theme),
    frameTitle: text(given.frameTitle),
    initialThread: text(given.initialThread) ?? null,
    header: {
      enabled: header.enabled !== false,
      title: { enabled: title.enabled !== false, text: text(title.text) },
      leftAction: readHeaderAction(header.leftAction),
      rightAction: readHeaderAction(header.rightAction),
    },
    history: {
      enabled: history.enabled !== false,
      canRename: history.showRename !== false,
      canDelete: history.showDelete !== false,
    },
    greeting: text(start.greeting),
    prompts: Array.isArray(start.prompts) ? start.prompts.filter(isPrompt) : [],
    placeholder: text(composer.placeholder),
    attachments: readAttachmentLimits(composer.attachments),
    dictation: record(composer.dictation).enabled === true,
    choices: readComposerChoices(composer),
    ...readSuggestionOptions(given),
    feedback: actions.feedback === true,
    retry: actions.retry === true,
    disclaimer: disclaimerText ? { text: disclaimerText, highContrast: disclaimer.highContrast === true } : undefined,
    autoScroll: record(given.thread).autoScroll === true,
    handlers: readHandlers(given),
    entities: readEntities(record(given.entities)),
  };
}

function readHandlers({ onClientTool, widgets }: Record<string, unknown>): HostHandlers {
  const { onAction } = record(widgets);
  return {
    onClientTool: typeof onClientTool === 'function' ? (onClientTool as HostHandlers['onClientTool']) : undefined,
    onWidgetAction: typeof onAction === 'function' ? (onAction as HostHandlers['onWidgetAction']) : undefined,
  };
}

function readHeaderAction(value: unknown): HeaderAction | undefined {
  const { icon, onClick } = record(value);
  if (typeof onClick !== 'function') return undefined;
  return { icon: text(icon) ?? '', onClick: onClick as () => void };
}

function readEntities({ onClick, onRequestPreview }: Record<string, unknown>): EntityHandlers {
  return {
    onClick: typeof onClick === 'function' ? (onClick as EntityHandlers['onClick']) : undefined,
    onRequestPreview:
      typeof onRequestPreview === 'function' ? (onRequestPreview as EntityHandlers['onRequestPreview']) : undefined,
  };
}

/** A tag that `Intl` takes: it throws at any other, and that would be in the middle of drawing. */
function readLocale(value: unknown): string | undefined {
  try {
    return Intl.getCanonicalLocales(text(value))[0];
  } catch {
    return undefined;
  }
}

function readTheme(value: unknown): Theme {
  const theme = record(value);
  const scheme = typeof value === 'string' ? value : theme.colorScheme;
  return { ...theme, colorScheme: scheme === 'dark' || scheme === 'auto' ? scheme : 'light' };
}

function isPrompt(value: unknown): value is StartScreenPrompt {
  const { label, prompt } = record(value);
  return typeof label === 'string' && (typeof prompt === 'string' || Array.isArray(prompt));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
