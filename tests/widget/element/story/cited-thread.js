// A question with tags and a quote, and an answer with every kind of source, a deeplink, code, a table and a task list.

const base = { thread_id: 'thr_cited', created_at: '2026-11-20T09:00:00Z' };

const TEXT = `The claim was closed on 4 May. Two letters say so, and the customer was told.

See [page 4](chatkit-link://source?source_id=doc_1&locator=pp.+4-5) of the file.

- [x] Letter sent
- [ ] Refund paid

| Claim | Opened | Closed | Handled by | Amount | Currency | Reference |
| :--- | :--- | :--- | :--- | ---: | :---: | :--- |
| A-1023 | 2 April 2026 | 4 May 2026 | Claims department, Lisbon | 1,250.00 | EUR | REF-2026-05-04-A-1023 |

\`\`\`ts
// Refunds the claim, once.
export async function refund(id: string, amount = 1250): Promise<boolean> {
  const claim = await claims.get(id);
  return claim.isOpen ? false : pay({ to: claim.customer, amount, note: \`Claim \${id}\` });
}
\`\`\``;

const at = (words) => TEXT.indexOf(words) + words.length;
const cite = (index, source) => ({ type: 'annotation', index, source });
const FIRST = at('on 4 May');
const SECOND = at('say so');
const THIRD = at('was told');

const entity = (id, title, more) => ({
  type: 'entity',
  id,
  title,
  interactive: true,
  data: { kind: 'claim' },
  ...more,
});

export const citedItems = [
  {
    ...base,
    id: 'msg_u1',
    type: 'user_message',
    quoted_text: 'Claims are closed within thirty days.',
    content: [
      { type: 'input_text', text: 'Is ' },
      {
        type: 'input_tag',
        id: 'claim_1',
        text: 'Claim A-1023',
        data: { no: '1023' },
        group: 'Claims',
        interactive: true,
      },
      { type: 'input_text', text: ' of ' },
      { type: 'input_tag', id: 'p_1', text: 'Ana', data: {}, interactive: false },
      { type: 'input_text', text: ' closed? **Not bold** <b>nor this</b>' },
    ],
    attachments: [],
    inference_options: {},
  },
  {
    ...base,
    id: 'msg_a1',
    type: 'assistant_message',
    content: [
      {
        type: 'output_text',
        text: TEXT,
        annotations: [
          cite(FIRST, entity('claim_1', 'Claim A-1023', { inline_label: 'A-1023', label: 'Claims', group: 'Claims' })),
          cite(SECOND, {
            type: 'url',
            title: 'Letters to customers',
            url: 'https://docs.example.com/letters',
            description: 'Every closed claim ends with a letter.',
            attribution: 'Handbook',
          }),
          cite(SECOND, { type: 'file', title: 'Letter of 4 May', filename: 'letter-2026-05-04.pdf' }),
          cite(THIRD, entity('person_7', 'Ana Prado', { label: 'Customer', description: 'Customer since 2019' })),
          cite(THIRD, { type: 'url', title: 'Not a link', url: 'javascript:alert(1)' }),
        ],
      },
    ],
  },
];

/** What the host page shows of a claim; of anybody else it has no preview. */
export const claimPreview = {
  type: 'Basic',
  children: [
    { type: 'Title', value: 'Claim A-1023, closed', size: 'sm' },
    { type: 'Text', value: '1,250 EUR to Ana Prado' },
  ],
};
