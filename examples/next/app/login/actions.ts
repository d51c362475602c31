'use server';

import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { signUserToken, TOKEN_COOKIE, TOKEN_SECONDS } from '../../account/user-token';
import { findUser } from '../../account/users';

export async function signIn(form: FormData): Promise<void> {
  const user = findUser(form.get('name'), form.get('password'));
  if (!user) redirect('/login?failed');
  (await cookies()).set(TOKEN_COOKIE, await signUserToken(user), {
    httpOnly: true,
    secure: true,
    sameSite: 'lax',
    path: '/',
    maxAge: TOKEN_SECONDS,
  });
  redirect('/');
}

export async function signOut(): Promise<void> {
  // With the attributes that it was set with: a `__Host-` cookie is deleted by no other.
  (await cookies()).set(TOKEN_COOKIE, '', { httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge: 0 });
  redirect('/login');
}
