// Questions that a server puts, and what a visitor said to them.
const item = { id: 'si_1', thread_id: 'thr_1', created_at: '2026-11-20T09:00:00Z', type: 'structured_input' };

const inputs = [
  {
    id: 'size',
    type: 'multiple_choice',
    question: 'How many people are in your team?',
    options: [{ value: 'Just me' }, { value: '2 to 10' }, { value: 'More than 10' }],
    multiple: false,
  },
  {
    id: 'uses',
    type: 'multiple_choice',
    question: 'What will you use it for?',
    options: [{ value: 'Support' }, { value: 'Sales' }, { value: 'Documentation' }],
    multiple: true,
  },
  {
    id: 'else',
    type: 'freeform',
    question: 'Is there anything else we should know?',
    description: 'Deadlines, systems that you use, people to involve.',
  },
];

/** All of them, or the one of that id. */
export function questions(id) {
  return { ...item, status: 'pending', inputs: id ? inputs.filter((input) => input.id === id) : inputs };
}

/** As the server answers a submission. */
export function answeredQuestions({ status, answers } = SUBMITTED) {
  const skipped = { values: [], skipped: true };
  return {
    ...item,
    status,
    inputs: inputs.map((input) => Object.assign({}, input, { answer: answers[input.id] ?? skipped })),
  };
}

const SUBMITTED = {
  status: 'answered',
  answers: {
    size: { values: ['2 to 10'], skipped: false },
    uses: { values: ['Support', 'Training new colleagues'], skipped: false },
  },
};
