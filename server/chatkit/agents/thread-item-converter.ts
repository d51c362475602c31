import type { AgentInputItem, UserMessageItem as AgentUserMessage } from '@openai/agents';
import type {
  AssistantMessageItem,
  Attachment,
  ClientToolCallItem,
  EndOfTurnItem,
  GeneratedImageItem,
  HiddenContextItem,
  SdkHiddenContextItem,
  StructuredInputItem,
  TaskItem,
  ThreadItem,
  UserMessageContent,
  UserMessageItem,
  WidgetItem,
  WorkflowItem,
} from '../../../protocol/item.ts';

/** What one thread item gives a model: nothing, one item, or many. */
export type AgentInput = AgentInputItem | AgentInputItem[] | null;
/** A part of a user-role message to a model. */
export type AgentInputContent = Exclude<AgentUserMessage['content'], string>[number];
export type UserMessageTag = Extract<UserMessageContent, { type: 'input_tag' }>;

/**
 * The items of a thread as the input of a run of `@openai/agents`. Override a hook to say an item
 * in other words, or to leave it out; a hook may await what it needs. All but the assistant's own words and calls is
 * in user-role messages: nothing of a thread may instruct.
 */
export class ThreadItemConverter {
  /** Oldest first, as they happened. What the visitor quoted goes with the last of their messages alone. */
  async toAgentInput(items: ThreadItem | ThreadItem[]): Promise<AgentInputItem[]> {
    const list = [items].flat();
    const last = list.findLast((item) => item.type === 'user_message');
    const inputs = await Promise.all(list.map((item) => this.#convert(item, item === last)));
    return inputs.flatMap((input) => input ?? []);
  }

  protected async userMessage(item: UserMessageItem, isLast: boolean): Promise<AgentInput> {
    const tags = item.content.filter((part) => part.type === 'input_tag');
    const text = item.content.map((part) => (part.type === 'input_tag' ? `@${part.text}` : part.text)).join('');
    const attachments = await Promise.all(item.attachments.map((attachment) => this.attachment(attachment)));
    const messages = [message(...(text === '' ? [] : [textPart(text)]), ...attachments)];
    if (isLast && item.quoted_text)
      messages.push(
        toText(`The user's message above is about these quoted words: ${JSON.stringify(item.quoted_text)}`),
      );
    if (tags.length > 0) {
      const named = tags.filter(({ text: name }, index) => tags.findIndex((tag) => tag.text === name) === index);
      const parts = await Promise.all(named.map((tag) => this.tag(tag)));
      messages.push(message(textPart('What the @-mentions in the message above stand for:'), ...parts));
    }
    return messages.filter(({ content }) => content.length > 0);
  }

  /** An attached file as the model gets it. Only a server knows where its bytes are. */
  protected async attachment(attachment: Attachment): Promise<AgentInputContent> {
    throw new Error(`override ThreadItemConverter.attachment to give attachments such as ${attachment.id} to a model`);
  }

  /** What an @-mention stands for. Only a server knows what its entities are. */
  protected async tag(tag: UserMessageTag): Promise<AgentInputContent> {
    throw new Error(`override ThreadItemConverter.tag to tell a model what mentions such as ${tag.id} stand for`);
  }

  protected async assistantMessage(item: AssistantMessageItem): Promise<AgentInput> {
    const content = item.content.map(({ text }) => ({ type: 'output_text' as const, text }));
    return content.length === 0 ? null : { type: 'message', role: 'assistant', status: 'completed', content };
  }

  /** A call and its result. One that is pending gives nothing: a model refuses a call without a result. */
  protected async clientToolCall(item: ClientToolCallItem): Promise<AgentInput> {
    if (item.status === 'pending') return null;
    const call = { callId: item.call_id, name: item.name, status: 'completed' as const };
    return [
      { ...call, type: 'function_call', arguments: JSON.stringify(item.arguments) },
      { ...call, type: 'function_call_result', output: JSON.stringify(item.output ?? null) },
    ];
  }

  protected async widget(item: WidgetItem): Promise<AgentInput> {
    return toText(`The user was shown the widget ${JSON.stringify(item.id)}: ${JSON.stringify(item.widget)}`);
  }

  /** Tasks with words of their own; of thoughts and searches a model has its own record. */
  protected async task({ task }: TaskItem): Promise<AgentInput> {
    if (task.type !== 'custom') return null;
    const words = [task.title, task.content].filter((part) => part !== undefined && part !== '');
    return words.length === 0 ? null : toText(`The user was shown that this was done: ${words.join(': ')}`);
  }

  protected async workflow({ workflow, ...base }: WorkflowItem): Promise<AgentInput> {
    const inputs = await Promise.all(workflow.tasks.map((task) => this.task({ ...base, type: 'task', task })));
    return inputs.flatMap((input) => input ?? []);
  }

  protected async hiddenContext({ id, content }: HiddenContextItem): Promise<AgentInput> {
    if (typeof content !== 'string')
      throw new Error(
        `override ThreadItemConverter.hiddenContext for content such as that of ${id}, which is no string`,
      );
    return toAside(content);
  }

  protected async sdkHiddenContext({ content }: SdkHiddenContextItem): Promise<AgentInput> {
    return toAside(content);
  }

  protected async structuredInput({ status, inputs }: StructuredInputItem): Promise<AgentInput> {
    const lines = inputs.map(({ question, answer }) => `- ${question}: ${toAnswer(answer)}`);
    return toText([`The user was asked questions, which are ${status}:`, ...lines].join('\n'));
  }

  protected async generatedImage({ image }: GeneratedImageItem): Promise<AgentInput> {
    if (!image) return null;
    return message(textPart('The user was shown this generated image:'), { type: 'input_image', image: image.url });
  }

  protected async endOfTurn(_item: EndOfTurnItem): Promise<AgentInput> {
    return null;
  }

  #convert(item: ThreadItem, isLastUserMessage: boolean): Promise<AgentInput> {
    switch (item.type) {
      case 'user_message':
        return this.userMessage(item, isLastUserMessage);
      case 'assistant_message':
        return this.assistantMessage(item);
      case 'client_tool_call':
        return this.clientToolCall(item);
      case 'widget':
        return this.widget(item);
      case 'task':
        return this.task(item);
      case 'workflow':
        return this.workflow(item);
      case 'hidden_context_item':
        return this.hiddenContext(item);
      case 'sdk_hidden_context':
        return this.sdkHiddenContext(item);
      case 'structured_input':
        return this.structuredInput(item);
      case 'generated_image':
        return this.generatedImage(item);
      case 'end_of_turn':
        return this.endOfTurn(item);
    }
  }
}

function textPart(text: string): AgentInputContent {
  return { type: 'input_text', text };
}

function message(...content: AgentInputContent[]) {
  return { type: 'message' as const, role: 'user' as const, content };
}

function toText(text: string) {
  return message(textPart(text));
}

function toAside(content: string) {
  return toText(`Context that the user does not see: ${content}`);
}

function toAnswer(answer: StructuredInputItem['inputs'][number]['answer']): string {
  if (!answer) return 'unanswered';
  return answer.skipped ? 'skipped' : answer.values.join(', ');
}
