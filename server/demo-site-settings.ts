import type { Site } from './context.ts';

/** The demo site as its owner would have registered it: a customer among others, on origins of its own. */
export function demoSite(origins: string[]): Site {
  return {
    id: 'demo',
    name: 'Pelorin',
    origins,
    epoch: 0,
    settings: {
      greeting: 'How can Pelorin help?',
      placeholder: 'Ask about this page',
      prompts: [
        { label: 'What is on this page?', prompt: 'What is this page about?' },
        { label: 'What does it cost?', prompt: 'What does it cost?' },
        { label: 'What are the limits?', prompt: 'What are the limits?' },
      ],
      theme: 'auto',
      pageContext: 'page',
      instructions: 'Pelorin prints labels, books carriers and tracks parcels for small shops. Be brief and friendly.',
      identity: { mode: 'none' },
      mcpServers: [],
    },
  };
}
