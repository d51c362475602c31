// A thread that asks before something is changed, and one that says what came of such questions.

const base = { thread_id: 'thr_approve', created_at: '2026-11-20T09:00:00Z' };

const text = (value) => ({ type: 'Text', value, size: 'sm' });
const argument = (name, value) => ({
  type: 'Col',
  gap: 0,
  children: [{ type: 'Caption', value: name }, text(value)],
});

const says = {
  done: ['check-circle', 'success', 'You approved it, and it was done.'],
  failed: ['info', 'danger', 'You approved it, and it failed.'],
  unknown: [
    'circle-question',
    'warning',
    'You approved it. Whether it was done is not known, and it is not tried again.',
  ],
  declined: ['close', 'secondary', 'You declined. Nothing was done.'],
  expired: ['clock', 'secondary', 'The question is too old to be approved. Nothing was done.'],
};

const user = (id, value) => ({
  ...base,
  id,
  type: 'user_message',
  content: [{ type: 'input_text', text: value }],
  attachments: [],
  inference_options: {},
});

const action = (type) => ({ type, payload: { hash: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE' } });

/** As the server writes it; without `settled` it still asks. */
function cardOf(id, title, tool, args, settled) {
  const [icon, color, outcome] = says[settled] ?? [];
  return {
    ...base,
    id,
    type: 'widget',
    widget: {
      type: 'Card',
      size: 'md',
      status: { text: settled ? 'You were asked' : 'May I do this for you?', icon: 'square-code' },
      children: [
        { type: 'Title', value: title, size: 'sm' },
        { type: 'Caption', value: tool },
        ...args.map(([name, value]) => argument(name, value)),
        ...(settled
          ? [
              { type: 'Divider' },
              {
                type: 'Row',
                gap: 2,
                align: 'center',
                children: [{ type: 'Icon', name: icon, color, size: 'sm' }, text(outcome)],
              },
            ]
          : []),
      ],
      ...(settled
        ? {}
        : {
            confirm: { label: 'Approve', action: action('pagewise.approve') },
            cancel: { label: 'Decline', action: action('pagewise.decline') },
          }),
    },
  };
}

const TICKET = [
  'msg_approval',
  'Close a ticket',
  'tickets · close_ticket',
  [
    ['id', '4711'],
    ['note', '"The router was replaced on 12 November, and the line has been stable since."'],
    ['notify', '["ada@example.com","a-very-long-address-without-a-place-to-break-it@support.example.com"]'],
    ['hidden', '"safe\\u{202e}txt.exe"'],
  ],
];

export const approvalCard = cardOf(...TICKET);

export const callStep = (status_indicator) => ({
  ...base,
  id: 'wf_call',
  type: 'workflow',
  workflow: {
    type: 'custom',
    tasks: [{ type: 'custom', title: 'Close a ticket', status_indicator }],
    expanded: false,
  },
});

export const approvalItems = [user('msg_close', 'My line works again. Please close the ticket.'), approvalCard];

export const settledItems = [
  approvalItems[0],
  cardOf('msg_failed', 'Find a technician', 'crm · book', [['day', '"2026-11-27"']], 'failed'),
  cardOf('msg_unknown', 'Send a message', 'mail · send', [['to', '"ada@example.com"']], 'unknown'),
  cardOf('msg_declined', 'Delete the account', 'crm · delete_account', [], 'declined'),
  cardOf('msg_expired', 'Open a ticket', 'tickets · open_ticket', [['title', '"No line"']], 'expired'),
  cardOf(...TICKET, 'done'),
  callStep('complete'),
];
