import { en, type Strings } from './en.ts';

/** The languages besides English, each a chunk of its own. A further one is one file and one line here. */
const LANGUAGES: Record<string, () => Promise<Partial<Strings>>> = {
  ar: () => import('./ar.ts').then(({ ar }) => ar),
};

/**
 * The texts for a BCP 47 tag: of exactly that tag, of the script that it stands for (`zh-Hant` for `zh-TW`), of its
 * language, or English; a text that a language lacks is English too. A promise where they have to be fetched, which
 * never rejects.
 */
export function stringsFor(tag: string): Strings | Promise<Strings> {
  const { language } = new Intl.Locale(tag);
  const { script } = new Intl.Locale(tag).maximize();
  const known = [tag, `${language}-${script}`, language].find((name) => Object.hasOwn(LANGUAGES, name));
  // Dates and numbers follow the language that is written around them, in the region that was asked for.
  if (!known) return language === 'en' ? { ...en, locale: tag } : en;
  const load = LANGUAGES[known] as () => Promise<Partial<Strings>>;
  return load().then(
    (table) => ({ ...en, ...table, locale: tag }),
    () => en,
  );
}
