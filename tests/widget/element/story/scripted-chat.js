// A ChatKit server in a function: `createScriptedChat({...})` gives the `fetch` that the story page hands to the
// element, so that every visible state can be reached in a browser without a server.
import { citedItems, claimPreview } from './cited-thread.js';
import { firstItems, listItems } from './long-thread.js';
import { approvalCard, approvalItems, callStep, settledItems } from './story-approvals.js';
import { card, image, picture, planList, reasoning, search, shownItems, workflowSteps } from './story-items.js';
import { answeredQuestions, questions } from './story-questions.js';

const AT = '2026-11-20T09:00:00Z';

const ANSWER = [
  'Yes. The **Starter** plan includes 5,000 messages a month, and unused messages do not carry over.',
  '\n\n### What each plan includes\n\n',
  '| Plan | Messages | Price |\n| :--- | ---: | ---: |\n| Starter | 5,000 | $19 |\n| Team | 25,000 | $79 |\n| Business | 120,000 | $290 |\n\n',
  'To change a plan:\n\n1. Open **Settings → Billing**\n2. Choose a plan\n3. Confirm with `Change plan`\n\n',
  'Or from the command line:\n\n```bash\nacme billing set-plan team \\\n  --when next-cycle\n```\n\n',
  'A downgrade takes effect at the end of the billing period. See the [billing guide](https://docs.example.com/billing) for details.',
];

const SOURCES = [
  {
    type: 'url',
    title: 'Plans and limits',
    url: 'https://docs.example.com/plans#:~:text=5%2C000%20messages',
    description: 'Starter includes 5,000 messages a month. Unused messages expire at the end of the month.',
  },
  {
    type: 'url',
    title: 'Changing your plan',
    url: 'https://docs.example.com/billing',
    description: 'A downgrade takes effect at the end of the current billing period.',
  },
];

export const thread = {
  id: 'thr_1',
  title: 'Message limits of the Starter plan',
  created_at: AT,
  status: { type: 'active' },
  metadata: {},
  items: { data: [], has_more: false },
};

const answerText = ANSWER.join('');

function annotations() {
  return [
    { type: 'annotation', source: SOURCES[0], index: answerText.indexOf('a month,') + 7 },
    { type: 'annotation', source: SOURCES[1], index: answerText.indexOf('billing period.') + 15 },
  ];
}

export const storedItems = [
  {
    id: 'msg_u1',
    thread_id: 'thr_1',
    created_at: AT,
    type: 'user_message',
    content: [{ type: 'input_text', text: 'How many messages does the Starter plan include?' }],
    attachments: [],
    inference_options: {},
  },
  {
    id: 'msg_a1',
    thread_id: 'thr_1',
    created_at: AT,
    type: 'assistant_message',
    content: [{ type: 'output_text', text: answerText, annotations: annotations() }],
  },
];

const known = {
  thr_1: storedItems,
  thr_2: shownItems,
  thr_cited: citedItems,
  thr_3: [
    ...storedItems.slice(0, 1),
    {
      ...shownItems[0],
      id: 'tc_1',
      type: 'client_tool_call',
      status: 'pending',
      call_id: 'c',
      name: 'read_page',
      arguments: {},
    },
  ],
};
known.thr_ask = [...storedItems, questions()];
for (const id of ['size', 'uses', 'else']) known[`thr_ask_${id}`] = [...storedItems, questions(id)];
known.thr_asked = [...storedItems, answeredQuestions()];
known.thr_approve = approvalItems;
known.thr_approved = settledItems;
known.thr_locked = storedItems;
known.thr_closed = storedItems;
known.thr_4 = storedItems;
known.thr_5 = storedItems;
const NOTICES = [
  ['info', 'Answers are in **English** only.'],
  ['warning', 'You have used 90 % of this month.'],
  ['danger', 'The [status page](https://status.example.com) reports a fault.'],
];
const WHOLE = new Set(['answer', 'work', 'tool', 'notice', 'ask']);
const STATUS = {
  thr_locked: { type: 'locked', reason: 'A colleague takes over.' },
  thr_closed: { type: 'closed', reason: 'This case is closed.' },
};

function json(value, status = 200, headers = {}) {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/**
 * `mode`: answer, hold (stream half and wait, and wait with a dictation), think (show progress and wait), error, refuse
 * (HTTP 503), cut, work (a workflow that waits), draw (an image that waits), tool (a call for the page), load (no thread
 * arrives before `release`), notice (an answer with a notice of every level), say (`words`, one by one), ask (questions).
 * `history`: list, empty, fail, refuse (no change is taken). Thread `thr_2` holds every item.
 */
export function createScriptedChat({ mode = 'answer', history = 'list' } = {}) {
  const requests = [];
  const script = {
    mode,
    history,
    requests,
    known,
    words: [],
    release: () => undefined,
    tool: async () => (await held, { read: true }),
  };
  script.preview = async ({ id }) => ({ preview: id === 'claim_1' ? claimPreview : null });
  const held = new Promise((resolve) => {
    script.release = resolve;
  });
  let count = 0;
  let threads = listed();
  const attachments = new Map();

  function createAttachment({ name, mime_type }) {
    const id = `atc_${attachments.size + 1}`;
    const isImage = mime_type.startsWith('image/');
    const attachment = {
      id,
      name,
      mime_type,
      type: isImage ? 'image' : 'file',
      ...(isImage ? { preview_url: `${location.origin}/preview/${id}` } : {}),
    };
    attachments.set(id, attachment);
    return {
      ...attachment,
      upload_descriptor: { url: `${location.origin}/upload/${id}`, method: 'POST', headers: { 'x-upload': id } },
    };
  }

  script.fetch = async (url, init) => {
    const request = JSON.parse(init.body);
    requests.push({ url, headers: init.headers, request });
    switch (request.type) {
      case 'threads.get_by_id':
        if (script.mode === 'load') await held;
        if (request.params.thread_id === 'thr_long') return json({ ...thread, id: 'thr_long', items: firstItems });
        return known[request.params.thread_id]
          ? json({
              ...thread,
              id: request.params.thread_id,
              status:
                STATUS[request.params.thread_id] ??
                threads.find(({ id }) => id === request.params.thread_id)?.status ??
                thread.status,
              items: { data: known[request.params.thread_id], has_more: false },
            })
          : json({ error: { code: 'not_found', message: 'no such thread' } }, 404);
      case 'items.list':
        if (script.older === 'fail') return json({ error: { code: 'internal', message: 'no' } }, 500);
        return json(listItems(request.params));
      case 'threads.list':
        if (script.history === 'fail') return json({ error: { code: 'internal', message: 'no' } }, 500);
        return json(history === 'empty' ? { data: [], has_more: false } : page(threads, request.params.after));
      case 'threads.update':
        if (script.history === 'refuse') return json({ error: { code: 'internal', message: 'no' } }, 500);
        Object.assign(threads.find(({ id }) => id === request.params.thread_id) ?? {}, { title: request.params.title });
        return json({});
      case 'threads.delete':
        if (script.history === 'refuse') return json({ error: { code: 'internal', message: 'no' } }, 500);
        threads = threads.filter(({ id }) => id !== request.params.thread_id);
        return json({});
      case 'threads.sync_custom_action':
        return json({ updated_item: planList(request.params.action.payload.plan) });
      case 'items.feedback':
      case 'attachments.delete':
        return json({});
      case 'attachments.create':
        return json(createAttachment(request.params));
      case 'input.transcribe':
        if (script.mode === 'hold') await held;
        return json({ text: 'as I said' });
      default:
        if (script.mode === 'refuse') return json({ error: { code: 'storage_unavailable', message: 'full' } }, 503);
        return new Response(stream(request, init.signal), { headers: { 'content-type': 'text/event-stream' } });
    }
  };

  function stream(request, signal) {
    count += 1;
    const answerId = `msg_answer_${count}`;
    const encoder = new TextEncoder();
    return new ReadableStream({
      async start(controller) {
        const send = (event) => controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
        const update = (update) => send({ type: 'thread.item.updated', item_id: answerId, update });
        signal?.addEventListener('abort', () => controller.error(signal.reason));
        const base = { thread_id: 'thr_1', created_at: AT };
        const answer = { ...base, id: answerId, type: 'assistant_message', content: [] };
        if (request.type === 'threads.create')
          send({ type: 'thread.created', thread: { ...thread, title: undefined } });
        if (request.params.input?.content)
          send({
            type: 'thread.item.done',
            item: {
              ...base,
              id: `msg_user_${count}`,
              type: 'user_message',
              ...request.params.input,
              attachments: request.params.input.attachments.map((id) => attachments.get(id)),
            },
          });
        send({ type: 'stream_options', stream_options: { allow_cancel: true } });
        if (request.params.item_id === approvalCard.id) {
          send({ type: 'thread.item.added', item: callStep('loading') });
          await held;
          send({ type: 'thread.item.done', item: callStep('complete') });
          for (const item of settledItems)
            if (item.id === approvalCard.id) send({ type: 'thread.item.replaced', item });
          return controller.close();
        }
        if (request.type === 'threads.custom_action') {
          await held;
          send({ type: 'thread.item.replaced', item: card('Saved for Friday, 27 November.') });
          return controller.close();
        }
        if (script.mode === 'work') {
          send({ type: 'thread.item.added', item: reasoning });
          const { id } = reasoning;
          const task = (task_index, kind, task) =>
            send({
              type: 'thread.item.updated',
              item_id: id,
              update: { type: `workflow.task.${kind}`, task_index, task },
            });
          for (const [index, step] of workflowSteps.entries()) task(index, 'added', step);
          await held;
          task(2, 'updated', search);
          send({
            type: 'thread.item.done',
            item: {
              ...reasoning,
              workflow: {
                ...reasoning.workflow,
                tasks: [...workflowSteps.slice(0, 2), search],
                summary: { duration: 12 },
              },
            },
          });
        }
        if (script.mode === 'draw') {
          send({ type: 'thread.item.added', item: { ...image, image: undefined } });
          send({
            type: 'thread.item.updated',
            item_id: image.id,
            update: { type: 'generated_image.updated', image: { id: 'ig_1', url: picture }, progress: 0.4 },
          });
          await held;
          send({ type: 'thread.item.done', item: image });
          return controller.close();
        }
        if (script.mode === 'tool' && request.type !== 'threads.add_client_tool_output') {
          send({ type: 'progress_update', text: 'Reading more of the page' });
          send({
            type: 'thread.item.done',
            item: {
              ...base,
              id: 'tc_1',
              type: 'client_tool_call',
              status: 'pending',
              call_id: 'call_1',
              name: 'read_page',
              arguments: { from: 3 },
            },
          });
          return controller.close();
        }
        if (script.mode === 'say') {
          send({
            type: 'thread.item.added',
            item: { ...answer, content: [{ type: 'output_text', text: '', annotations: [] }] },
          });
          const { port1, port2 } = new MessageChannel();
          port1.start();
          for (const delta of script.words) {
            update({ type: 'assistant_message.content_part.text_delta', content_index: 0, delta });
            await new Promise((resolve) => {
              port1.addEventListener('message', resolve, { once: true });
              port2.postMessage(null);
            });
          }
          const content = [{ type: 'output_text', text: script.words.join(''), annotations: [] }];
          send({ type: 'thread.item.done', item: { ...answer, content } });
          return controller.close();
        }
        if (script.mode === 'ask' && request.type !== 'threads.add_structured_input') {
          send({ type: 'thread.item.done', item: questions() });
          return controller.close();
        }
        if (request.type === 'threads.add_structured_input')
          send({ type: 'thread.item.replaced', item: answeredQuestions(request.params.input) });
        if (script.mode === 'think') {
          send({ type: 'progress_update', text: 'Reading “Plans and limits”' });
          await held;
        }
        send({ type: 'thread.item.added', item: answer });
        update({
          type: 'assistant_message.content_part.added',
          content_index: 0,
          content: { type: 'output_text', text: '', annotations: [] },
        });
        const parts = WHOLE.has(script.mode)
          ? ANSWER
          : [...ANSWER.slice(0, 3), 'To change a plan, open **Settings → Bil'];
        for (const delta of parts)
          update({ type: 'assistant_message.content_part.text_delta', content_index: 0, delta });
        if (script.mode === 'hold') await held;
        if (script.mode === 'notice')
          for (const [level, message] of NOTICES) send({ type: 'notice', level, message, title: null });
        if (script.mode === 'error')
          send({ type: 'error', code: 'custom', message: 'The model took too long to answer.', allow_retry: true });
        if (WHOLE.has(script.mode)) {
          for (const [annotation_index, annotation] of annotations().entries())
            update({
              type: 'assistant_message.content_part.annotation_added',
              content_index: 0,
              annotation_index,
              annotation,
            });
          send({
            type: 'thread.item.done',
            item: { ...answer, content: [{ type: 'output_text', text: answerText, annotations: annotations() }] },
          });
          send({ type: 'thread.updated', thread });
        }
        if (!signal?.aborted) controller.close();
      },
    });
  }

  return script;
}

/** Six threads, four at a time. */
function page(threads, after) {
  const start = after ? threads.findIndex(({ id }) => id === after) + 1 : 0;
  const data = threads.slice(start, start + 4);
  return { data, has_more: start + 4 < threads.length, after: data.at(-1)?.id ?? null };
}

function listed() {
  const titles = [
    'Message limits of the Starter plan',
    'Rotating an API key',
    'Webhooks are delivered twice',
    'SSO with Okta: which attributes are needed to map groups to roles',
    undefined,
    'Data retention in the EU region',
  ];
  const hours = [0, 3, 26, 75, 400, 9000];
  return titles.map((title, index) =>
    Object.assign({}, thread, {
      id: `thr_${index + 1}`,
      title,
      created_at: new Date(Date.now() - (hours[index] ?? 0) * 3_600_000).toISOString(),
      status: STATUSES[index] ?? thread.status,
    }),
  );
}

const STATUSES = {
  3: { type: 'locked', reason: 'A colleague of ours takes over here.' },
  4: { type: 'closed', reason: 'This question is settled.' },
};
