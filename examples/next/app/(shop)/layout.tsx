import { cookies } from 'next/headers';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { TOKEN_COOKIE } from '../../account/user-token';
import { Chat } from '../../chat/chat';
import { signOut } from '../login/actions';

// The chat is part of the layout: it stays as it is while the pages beside it change.
export default async function ShopLayout({ children }: { children: ReactNode }) {
  if (!(await cookies()).has(TOKEN_COOKIE)) redirect('/login');
  return (
    <>
      <header>
        <strong>Harbour Supplies</strong>
        <Link href="/">Orders</Link>
        <Link href="/delivery">Delivery</Link>
        <form action={signOut}>
          <button type="submit">Sign out</button>
        </form>
      </header>
      <div className="columns">
        <main>{children}</main>
        <Chat />
      </div>
    </>
  );
}
