import type { WidgetRoot } from './widget.ts';

export type UserMessageContent =
  | { type: 'input_text'; text: string }
  | {
      type: 'input_tag';
      id: string;
      text: string;
      data: Record<string, unknown>;
      group?: string;
      interactive: boolean;
    };

export interface InferenceOptions {
  tool_choice?: { id: string };
  model?: string;
}

interface AttachmentBase {
  id: string;
  name: string;
  mime_type: string;
  upload_descriptor?: { url: string; method: 'POST' | 'PUT'; headers: Record<string, string> };
  thread_id?: string;
}
export type Attachment =
  | (AttachmentBase & { type: 'file' })
  | (AttachmentBase & { type: 'image'; preview_url: string });

interface SourceBase {
  title: string;
  description?: string;
  timestamp?: string;
  group?: string;
}
export type FileSource = SourceBase & { type: 'file'; filename: string };
export type UrlSource = SourceBase & { type: 'url'; url: string; attribution?: string };
export type EntitySource = SourceBase & {
  type: 'entity';
  id: string;
  icon?: string;
  label?: string;
  inline_label?: string;
  interactive: boolean;
  data: Record<string, unknown>;
};
export type Source = FileSource | UrlSource | EntitySource;

export interface Annotation {
  type: 'annotation';
  source: Source;
  /** Offset into the text, in UTF-16 code units, after which the marker stands. */
  index?: number;
}

export interface AssistantMessageContent {
  type: 'output_text';
  text: string;
  annotations: Annotation[];
}

interface StructuredInputBase {
  id: string;
  question: string;
  answer?: { values: string[]; skipped: boolean };
}
export type StructuredInput =
  | (StructuredInputBase & { type: 'multiple_choice'; options: { value: string }[]; multiple: boolean })
  | (StructuredInputBase & { type: 'freeform'; description?: string });

interface TaskBase {
  status_indicator: 'none' | 'loading' | 'complete';
}
export type Task =
  | (TaskBase & { type: 'custom'; title?: string; icon?: string; content?: string })
  | (TaskBase & { type: 'web_search'; title?: string; title_query?: string; queries: string[]; sources: UrlSource[] })
  | (TaskBase & { type: 'thought'; title?: string; content: string })
  | (TaskBase & { type: 'file'; title?: string; sources: FileSource[] })
  | (TaskBase & { type: 'image'; title?: string });

/** The summary has no type tag on the wire: a `title` key means a custom one, otherwise it is a duration in seconds. */
export interface Workflow {
  type: 'custom' | 'reasoning';
  tasks: Task[];
  summary?: { title: string; icon?: string } | { duration: number };
  expanded: boolean;
}

export interface GeneratedImage {
  id: string;
  url: string;
}

interface ItemBase {
  id: string;
  thread_id: string;
  created_at: string;
}
export type UserMessageItem = ItemBase & {
  type: 'user_message';
  content: UserMessageContent[];
  attachments: Attachment[];
  quoted_text?: string;
  inference_options: InferenceOptions;
};
export type AssistantMessageItem = ItemBase & { type: 'assistant_message'; content: AssistantMessageContent[] };
export type ClientToolCallItem = ItemBase & {
  type: 'client_tool_call';
  status: 'pending' | 'completed';
  call_id: string;
  name: string;
  arguments: Record<string, unknown>;
  output?: unknown;
};
export type WidgetItem = ItemBase & { type: 'widget'; widget: WidgetRoot; copy_text?: string };
export type GeneratedImageItem = ItemBase & { type: 'generated_image'; image?: GeneratedImage };
export type StructuredInputItem = ItemBase & {
  type: 'structured_input';
  status: 'pending' | 'answered' | 'skipped';
  inputs: StructuredInput[];
};
export type TaskItem = ItemBase & { type: 'task'; task: Task };
export type WorkflowItem = ItemBase & { type: 'workflow'; workflow: Workflow };
export type EndOfTurnItem = ItemBase & { type: 'end_of_turn' };
/** For the store and the model only: hidden items never leave a server. */
export type HiddenContextItem = ItemBase & { type: 'hidden_context_item'; content?: unknown };
export type SdkHiddenContextItem = ItemBase & { type: 'sdk_hidden_context'; content: string };

export type ThreadItem =
  | UserMessageItem
  | AssistantMessageItem
  | ClientToolCallItem
  | WidgetItem
  | GeneratedImageItem
  | StructuredInputItem
  | TaskItem
  | WorkflowItem
  | EndOfTurnItem
  | HiddenContextItem
  | SdkHiddenContextItem;
