// A thread of 2,000 items, given out in pages as a ChatKit server does.

const base = { thread_id: 'thr_long', created_at: '2026-11-20T09:00:00Z' };
const ITEMS = 2000;

const ANSWER = `The **plan** of month MONTH covers *CALLS* calls. What counts:

- one call for each message
- none for a retry

| Plan | Calls |
| :--- | ---: |
| Starter | 5,000 |
| Team | 25,000 |

Read the [guide](https://docs.example.com/billing) or run \`acme usage --month MONTH\`.`;

const items = Array.from({ length: ITEMS }, (_, index) => {
  const number = Math.floor(index / 2) + 1;
  return index % 2 === 0
    ? {
        ...base,
        id: `msg_u${number}`,
        type: 'user_message',
        content: [{ type: 'input_text', text: `Question ${number} of a long talk` }],
        attachments: [],
        inference_options: {},
      }
    : {
        ...base,
        id: `msg_a${number}`,
        type: 'assistant_message',
        content: [
          {
            type: 'output_text',
            text: ANSWER.replaceAll('MONTH', String(number)).replace('CALLS', String(number * 7)),
            annotations: [],
          },
        ],
      };
});

/** The first twenty items, as `threads.get_by_id` gives them. */
export const firstItems = { data: items.slice(0, 20), has_more: true, after: items[19].id };

/** One page of `items.list`. */
export function listItems({ limit = 20, order = 'desc', after }) {
  const ordered = order === 'desc' ? items.toReversed() : items;
  const start = after ? ordered.findIndex(({ id }) => id === after) + 1 : 0;
  const data = ordered.slice(start, start + Math.min(limit || 20, 100));
  const has_more = start + data.length < ordered.length;
  return { data, has_more, ...(has_more ? { after: data.at(-1).id } : {}) };
}
