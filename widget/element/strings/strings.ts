import { en, type Strings } from './en.ts';

/** Tables by language; a missing language or key falls back to English. */
const TABLES: Record<string, Partial<Strings>> = { en };

/** The texts for a BCP 47 tag: the exact tag, then its language, then English. */
export function stringsFor(locale: string): Strings {
  const language = locale.split('-')[0] ?? locale;
  return { ...en, ...(TABLES[locale] ?? TABLES[language]) };
}
