import { ChatKit, type UseChatKitReturn, useChatKit } from '@openai/chatkit-react';
import { StrictMode, useState, version } from 'react';
import { createRoot } from 'react-dom/client';

// An app as its authors write it, on `@openai/chatkit-react` alone. It is built three times: with React 19, React 18
// and Preact under the name of React. What a test needs of it stands on `window.app`.

interface Probe {
  /** Of the React that was built in. */
  version: string;
  /** Every event that the app's handlers heard, by its prop's name. */
  heard: [string, unknown][];
  calls: { name: string; params: unknown }[];
  chat: UseChatKitReturn | undefined;
  /** Renders the app again with functions that are new and values that are not. */
  rerender: () => void;
  setTheme: (theme: 'light' | 'dark') => void;
  mount: (options?: { strict?: boolean; thread?: string }) => void;
  unmount: () => void;
}

const heard: Probe['heard'] = [];
const note = (name: string) => (detail?: unknown) => void heard.push([name, detail ?? null]);
let renders = 0;

function App({ thread }: { thread: string | null }) {
  const [, setRound] = useState(0);
  const [theme, setTheme] = useState<'light' | 'dark'>('light');
  const round = ++renders;
  app.rerender = () => setRound(round);
  app.setTheme = setTheme;
  const chat = useChatKit({
    api: { url: '/chatkit', domainKey: 'local' },
    theme,
    initialThread: thread,
    composer: { placeholder: 'Ask the app' },
    onClientTool: (call) => {
      app.calls.push(call);
      return { render: round };
    },
    onReady: note('onReady'),
    onError: ({ error }) => note('onError')(error.message),
    onResponseStart: note('onResponseStart'),
    onResponseEnd: note('onResponseEnd'),
    onThreadChange: note('onThreadChange'),
    onThreadLoadStart: note('onThreadLoadStart'),
    onThreadLoadEnd: note('onThreadLoadEnd'),
    onEffect: note('onEffect'),
    onHistoryOpen: note('onHistoryOpen'),
    onHistoryClose: note('onHistoryClose'),
  });
  app.chat = chat;
  return <ChatKit control={chat.control} className="chat-box" />;
}

let root: ReturnType<typeof createRoot> | undefined;
const app: Probe = {
  version,
  heard,
  calls: [],
  chat: undefined,
  rerender: () => undefined,
  setTheme: () => undefined,
  mount({ strict = false, thread } = {}) {
    const place = document.createElement('div');
    place.id = 'place';
    document.body.append(place);
    root = createRoot(place);
    const tree = <App thread={thread ?? null} />;
    root.render(strict ? <StrictMode>{tree}</StrictMode> : tree);
  },
  unmount() {
    root?.unmount();
    document.querySelector('#place')?.remove();
  },
};
Object.assign(window, { app });
