import { useEffect, useState } from 'preact/hooks';

const DARK = '(prefers-color-scheme: dark)';

/** `auto` resolved to what the visitor's system asks for, and followed when that changes. */
export function useColorScheme(theme: 'auto' | 'light' | 'dark'): 'light' | 'dark' {
  const [dark, setDark] = useState(() => matchMedia(DARK).matches);
  useEffect(() => {
    const query = matchMedia(DARK);
    const follow = (): void => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  if (theme !== 'auto') return theme;
  return dark ? 'dark' : 'light';
}
