/** Where a hosted search found something. */
export type Citation = { url: string; title: string } | { file: string };

/** One thing that a model says, apart from how an API writes it. */
export type Said =
  /** One delta of text; what stands side by side is one message. */
  | string
  /** About the delta before it. */
  | { cite: Citation }
  | { refusal: string[] }
  /** One thought, in deltas. */
  | { thought: string[] }
  | { call: string; arguments: Record<string, unknown> }
  /** Base64, and what is shown of it before. */
  | { image: string; partial: string[] }
  | { webSearch: string; found: string[] }
  | { fileSearch: string; found: string[] };

/** What the upstream does with the next streaming request. Each `…After` says something, and then does not end well. */
export type Step =
  /** `incomplete`: it ends before it is finished, and says why. */
  | { answer: Said[]; incomplete?: 'length' | 'content_filter' }
  /** `retryAfter` in seconds. */
  | { status: number; retryAfter?: number }
  /** Nothing more comes, with the connection open. */
  | { stallAfter: Said[] }
  /** The connection breaks. */
  | { cutAfter: Said[] }
  /** The body ends as if that were all. */
  | { endAfter: Said[] }
  /** The API's own event for a failure. */
  | { failAfter: Said[] };

/** What is said of a step that answers at all. */
export function saidIn(step: Exclude<Step, { status: number }>): Said[] {
  if ('answer' in step) return step.answer;
  if ('stallAfter' in step) return step.stallAfter;
  if ('cutAfter' in step) return step.cutAfter;
  return 'endAfter' in step ? step.endAfter : step.failAfter;
}

/** The JSON of a call's arguments, in the fragments that models send it in. */
export function fragmentsOf(value: Record<string, unknown>): string[] {
  return JSON.stringify(value).match(/.{1,5}/gsu) ?? [];
}
