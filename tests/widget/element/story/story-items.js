// The items of the story besides messages: what a workflow, a task, an image and the widgets look like.

const base = { thread_id: 'thr_2', created_at: '2026-11-20T09:00:00Z' };

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><rect width="300" height="200" fill="#bfe3f5"/><circle cx="232" cy="52" r="22" fill="#ffd97a"/><path d="M0 150q75-30 150 0t150 0v50H0Z" fill="#2f6f9f"/><path d="M110 140h90l-14 24h-62Z" fill="#7a3b2e"/><path d="M152 136V60l38 62Z" fill="#fff"/></svg>`;
/** A wide picture, in a frame that is square. */
export const picture = `data:image/svg+xml;base64,${btoa(drawing)}`;

export const search = {
  type: 'web_search',
  status_indicator: 'complete',
  title_query: 'parcel insurance for boats',
  queries: ['parcel insurance limits', 'insure a parcel sent by sea'],
  sources: [
    { type: 'url', title: 'What our insurance covers', url: 'https://docs.example.com/insurance' },
    {
      type: 'url',
      title: 'A very long title of a page about the insurance of parcels that are sent by sea',
      url: 'https://sea.example.com/a',
    },
    { type: 'url', title: 'Not a link', url: 'javascript:alert(1)' },
  ],
};

export const workflowSteps = [
  {
    type: 'thought',
    status_indicator: 'complete',
    content: 'The question is about **insurance**, which the page names only once.',
  },
  {
    type: 'file',
    status_indicator: 'complete',
    title: 'Read two files',
    sources: [
      { type: 'file', title: 'Terms 2026', filename: 'terms.pdf' },
      { type: 'file', title: '', filename: 'prices.csv' },
    ],
  },
  { ...search, status_indicator: 'loading', sources: [] },
];

export const reasoning = {
  ...base,
  id: 'wf_1',
  type: 'workflow',
  workflow: { type: 'reasoning', tasks: [], expanded: false },
};

export const image = { ...base, id: 'msg_image', type: 'generated_image', image: { id: 'ig_1', url: picture } };

const user = (id, text) => ({
  ...base,
  id,
  type: 'user_message',
  content: [{ type: 'input_text', text }],
  attachments: [],
  inference_options: {},
});
const says = (id, text) => ({
  ...base,
  id,
  type: 'assistant_message',
  content: [{ type: 'output_text', text, annotations: [] }],
});

const PLANS = [
  ['dinghy', 'Dinghy', '25 parcels a month', 'Free'],
  ['cutter', 'Cutter', '600 parcels a month, with insurance up to €500 for each of them', '€39'],
  ['clipper', 'Clipper', '5,000 parcels a month', '€189'],
];

/** A list whose rows are chosen by one answer of the server. */
export function planList(chosen) {
  return {
    ...base,
    id: 'msg_list',
    type: 'widget',
    copy_text: 'Dinghy, Cutter, Clipper',
    widget: {
      type: 'ListView',
      limit: 2,
      status: { text: 'Plans of Pelorin', icon: 'star' },
      children: PLANS.map(([plan, name, what, price]) => ({
        type: 'ListViewItem',
        key: plan,
        onClickAction: { type: 'plan.choose', payload: { plan }, streaming: false },
        children: [
          { type: 'Icon', name: plan === chosen ? 'check-circle' : 'empty-circle', size: 'lg', color: 'secondary' },
          {
            type: 'Col',
            flex: 1,
            children: [
              { type: 'Text', value: name, weight: 'semibold', size: 'sm' },
              { type: 'Caption', value: what },
            ],
          },
          ...(plan === chosen ? [{ type: 'Badge', label: 'Chosen', color: 'success' }] : []),
          { type: 'Text', value: price },
        ],
      })),
    },
  };
}

/** A card to be confirmed, or what it says once it is. */
export function card(saved) {
  return {
    ...base,
    id: 'msg_card',
    type: 'widget',
    copy_text: 'Pick-up on Friday',
    widget: {
      type: 'Card',
      size: 'md',
      status: { text: 'Pick-up', favicon: picture },
      ...(saved
        ? {}
        : {
            confirm: { label: 'Save the date', action: { type: 'pickup.save', payload: { day: '2026-11-27' } } },
            cancel: { label: 'Not now', action: { type: 'pickup.drop', handler: 'client' } },
          }),
      children: [
        {
          type: 'Row',
          align: 'start',
          gap: 3,
          children: [
            { type: 'Image', src: picture, alt: 'A boat at sea', size: 72, radius: 'md' },
            {
              type: 'Col',
              flex: 1,
              gap: 1,
              children: [
                { type: 'Title', value: saved ? 'Pick-up is booked' : 'Friday, 27 November', size: 'lg' },
                {
                  type: 'Text',
                  id: 'note',
                  value: saved ?? 'Between 9 and 12 at the harbour office.',
                  color: 'secondary',
                },
              ],
            },
            { type: 'Unheard', children: [{ type: 'Text', value: 'never shown' }] },
          ],
        },
        { type: 'Divider', flush: true },
        {
          type: 'Row',
          wrap: 'wrap',
          gap: 2,
          children: [
            { type: 'Badge', label: 'Insured', color: 'success' },
            { type: 'Badge', label: 'Fragile', color: 'warning', pill: true },
            { type: 'Badge', label: 'Late', color: 'danger', variant: 'solid' },
            { type: 'Badge', label: 'New', color: 'info', variant: 'outline' },
            { type: 'Badge', label: 'Beta', color: 'discovery', size: 'md' },
            { type: 'Spacer' },
            { type: 'Caption', value: '2.4 kg' },
          ],
        },
        {
          type: 'Markdown',
          value: 'Weigh it **before** you pack it, see [how to weigh](https://docs.example.com/weigh).',
        },
        {
          type: 'Row',
          gap: 2,
          wrap: 'wrap',
          children: [
            {
              type: 'Button',
              label: 'Show on map',
              iconStart: 'map-pin',
              onClickAction: { type: 'map.show', payload: { at: 'harbour' }, handler: 'client' },
            },
            { type: 'Button', label: 'Track', style: 'primary', onClickAction: { type: 'parcel.track' } },
            {
              type: 'Button',
              label: 'Delete',
              color: 'danger',
              variant: 'soft',
              onClickAction: { type: 'parcel.delete' },
            },
            {
              type: 'Button',
              iconStart: 'reload',
              uniform: true,
              variant: 'ghost',
              onClickAction: { type: 'parcel.reload' },
            },
            { type: 'Button', label: 'Sold out', disabled: true, onClickAction: { type: 'parcel.buy' } },
          ],
        },
      ],
    },
  };
}

const basic = {
  ...base,
  id: 'msg_basic',
  type: 'widget',
  widget: {
    type: 'Basic',
    direction: 'row',
    gap: 3,
    theme: 'dark',
    padding: 3,
    children: [
      { type: 'Icon', name: 'no-such-icon' },
      { type: 'Box', background: 'linear-gradient(90deg, #0a5cb8, #6a35c9)', radius: 'md', width: 44, height: 44 },
      {
        type: 'Col',
        flex: 1,
        children: [
          { type: 'Title', value: 'Always dark', size: 'sm' },
          { type: 'Text', value: 'A subtree with a scheme of its own.', size: 'sm', color: 'tertiary', truncate: true },
        ],
      },
    ],
  },
};

/** A thread with every kind of item. */
export const shownItems = [
  user('msg_u1', 'Is my parcel insured when it goes by sea?'),
  {
    ...reasoning,
    workflow: { ...reasoning.workflow, tasks: [...workflowSteps.slice(0, 2), search], summary: { duration: 12 } },
  },
  says('msg_s1', 'Yes, up to €500 with the Cutter plan.'),
  user('msg_u2', 'Which plans are there? And draw me one.'),
  {
    ...base,
    id: 'wf_2',
    type: 'workflow',
    workflow: {
      type: 'custom',
      expanded: true,
      summary: { title: 'Looked at the plans' },
      tasks: [
        {
          type: 'custom',
          status_indicator: 'complete',
          title: 'Opened the price list',
          content: 'It is of **1 November**.',
        },
        search,
        { type: 'image', status_indicator: 'none', title: 'Drew a boat' },
      ],
    },
  },
  {
    ...base,
    id: 'tsk_1',
    type: 'task',
    task: { type: 'custom', status_indicator: 'complete', title: 'Compared three plans' },
  },
  planList(),
  image,
  user('msg_u3', 'Book a pick-up'),
  card(),
  basic,
  { ...base, id: 'msg_new', type: 'of_tomorrow', content: {} },
  { ...base, id: 'end_1', type: 'end_of_turn' },
];
