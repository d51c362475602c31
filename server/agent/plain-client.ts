import OpenAI from 'openai';

type RequestOptions = Awaited<Parameters<OpenAI['request']>[0]>;

interface Message {
  role: string;
  content?: unknown;
}

/**
 * A client whose Chat Completions requests say no more than the endpoints out there take. Text is one string, because
 * some take no list of parts (DeepSeek); a user's messages in a row are one, because the chat templates of many models
 * refuse two (Gemma, Mistral); and what only OpenAI knows is left out, because strict ones answer it with 422
 * (Mistral). OpenAI itself is still told to store nothing.
 */
export class PlainClient extends OpenAI {
  protected override prepareOptions(options: RequestOptions): Promise<void> {
    const body = options.body as { messages: Message[]; [field: string]: unknown };
    const messages = joinUserTurns(body.messages.map((message) => ({ ...message, content: toText(message.content) })));
    const isOpenAI = /(^|\.)openai\.com$/.test(new URL(this.baseURL).hostname);
    options.body = { ...body, messages, ...(!isOpenAI && { store: undefined, stream_options: undefined }) };
    return Promise.resolve();
  }
}

/** Parts that are all text as one string: they are pieces of one message, so nothing stands between them. */
function toText(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const texts = content.map(({ type, text }: { type: string; text: string }) => (type === 'text' ? text : undefined));
  return texts.includes(undefined) ? content : texts.join('');
}

function joinUserTurns(messages: Message[]): Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === 'user' && message.role === 'user') last.content = joinContent(last.content, message.content);
    else joined.push(message);
  }
  return joined;
}

function joinContent(first: unknown, second: unknown): unknown {
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`;
  return [first, second].flatMap((content) =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  );
}
