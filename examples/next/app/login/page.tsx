import type { Metadata } from 'next';
import { signIn } from './actions';

export const metadata: Metadata = { title: 'Sign in' };

export default async function LoginPage({ searchParams }: PageProps<'/login'>) {
  const { failed } = await searchParams;
  return (
    <main className="login">
      <h1>Sign in</h1>
      <form action={signIn}>
        <label>
          Name
          <input name="name" autoComplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {failed !== undefined && <p role="alert">That name and password do not go together.</p>}
        <button type="submit">Sign in</button>
      </form>
      <p>Ada has the password “lighthouse”, Bo has “breakwater”.</p>
    </main>
  );
}
