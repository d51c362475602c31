// What a host page gives as functions: the people that "@" finds, and the commands of "/".
const PEOPLE = [
  { id: 'u_1', title: 'Ada Lovelace', group: 'People', icon: 'profile', data: { team: 'Engines' } },
  { id: 'u_2', title: 'Adam Smith', group: 'People', icon: 'profile', interactive: true },
  { id: 'd_1', title: 'Admission form', group: 'Documents', icon: 'document' },
  { id: 'u_3', title: 'Adele Goldberg', group: 'People', icon: 'profile' },
];
const COMMANDS = [
  { id: 'clear', label: 'Clear the screen', description: 'Nothing is deleted', icon: 'reload' },
  { id: 'ticket', label: 'Link a ticket', icon: 'square-text', group: 'Support' },
  { id: 'broken', label: 'Never works', group: 'Support' },
];
const TICKETS = [
  { id: 't_1', label: 'Ticket 4711' },
  { id: 't_2', label: 'Ticket 4712', description: 'Waits for an answer' },
];

/**
 * Options for `host`: mentions, commands. Every call is written to `calls`; `script.slow` delays an answer by its query,
 * `script.failing` is the query of one that fails.
 */
export function hostOptions({ mentions, commands } = {}, calls = [], script = {}) {
  async function found(query, entries, words) {
    calls.push([entries === PEOPLE ? 'mention' : 'command', query]);
    await script.slow?.[query];
    if (script.failing === query) throw new Error('the directory is closed');
    return entries.filter((entry) => words(entry).toLowerCase().includes(query.toLowerCase()));
  }
  return {
    ...(mentions
      ? { entities: { onTagSearch: (query) => found(query, PEOPLE, ({ title }) => title), ...mentions } }
      : {}),
    ...(commands
      ? {
          commands: {
            enabled: true,
            onSearch: (query) => found(query, COMMANDS, ({ label }) => label),
            async onSelect({ id, label }) {
              calls.push(['select', id]);
              if (id === 'broken') throw new Error('it never works');
              if (id === 'ticket') return { type: 'menu', commands: TICKETS };
              if (id.startsWith('t_')) return { type: 'entity', entity: { id, title: label } };
              return undefined;
            },
          },
        }
      : {}),
  };
}
