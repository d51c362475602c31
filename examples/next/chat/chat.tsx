'use client';

import { ChatKit, useChatKit } from '@openai/chatkit-react';
import { chatKitStatus, createChatFetch } from 'pagewise/client';
import { useMemo, useState, useSyncExternalStore } from 'react';

export function Chat() {
  const [isSignedOut, setSignedOut] = useState(false);
  const status = useSyncExternalStore(chatKitStatus.subscribe, chatKitStatus.get, () => 'pending');
  const chatFetch = useMemo(() => createChatFetch({ onNotSignedIn: () => setSignedOut(true) }), []);
  const { control } = useChatKit({
    // The domain key is OpenAI's element's alone: ours asks for none.
    api: { url: '/api/chatkit', domainKey: process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY ?? 'local', fetch: chatFetch },
    startScreen: {
      greeting: 'How can we help?',
      prompts: [{ label: 'Send something back', prompt: 'How long can I send something back?' }],
    },
  });

  return (
    <aside className="chat" aria-label="Chat">
      {isSignedOut && (
        <p className="notice" role="alert">
          You are signed out. <a href="/login">Sign in</a> to go on with the chat.
        </p>
      )}
      {status === 'error' && (
        <p className="notice" role="alert">
          The chat could not be loaded. Write to help@harbour.example.
        </p>
      )}
      <ChatKit control={control} />
    </aside>
  );
}
