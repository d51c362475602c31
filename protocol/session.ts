import type { PageContextLevel } from './page-context.ts';

/** Body of `POST /v1/session`; the site token travels as Bearer, the origin as `Origin`. */
export interface SessionRequest {
  visitor_token?: string;
  user_token?: string;
}

/** A start-screen prompt: what the chip says, and what a click sends. */
export interface SitePrompt {
  label: string;
  prompt: string;
}

/** What a visitor may attach to one message. The server checks every bit of it again. */
export interface AttachmentLimits {
  /** Bytes of one file. */
  max_size: number;
  /** Files of one message. */
  max_count: number;
  /** MIME type → the file extensions it goes by, each with its dot. */
  accept: Record<string, string[]>;
}

/** What the panel shows of a site's settings: nothing here is secret. */
export interface SiteView {
  id: string;
  name: string;
  greeting?: string;
  placeholder?: string;
  prompts: SitePrompt[];
  theme: 'auto' | 'light' | 'dark';
  accent?: string;
  disclaimer?: string;
  page_context: PageContextLevel;
  attachments: AttachmentLimits;
  /** Whether the server writes down what is spoken. */
  dictation: boolean;
}

export interface SessionResponse {
  session_token: string;
  /** Seconds until the session token expires. */
  expires_in: number;
  visitor_token: string;
  site: SiteView;
}
