import type { Metadata } from 'next';
import Script from 'next/script';
import type { ReactNode } from 'react';
import { ELEMENT_SCRIPT } from '../chat/chat-server';
import './style.css';

export const metadata: Metadata = {
  title: { default: 'Harbour Supplies', template: '%s · Harbour Supplies' },
  icons: { icon: 'data:,' },
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Script src={ELEMENT_SCRIPT} strategy="beforeInteractive" />
        {children}
      </body>
    </html>
  );
}
