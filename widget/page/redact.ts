/**
 * Takes out of a text what must not leave the page: card numbers (Luhn), IBANs (ISO 13616, mod 97), JSON Web Tokens,
 * private keys, keys of well-known services, bearer credentials and e-mail addresses. `published` holds the lower-case
 * addresses that the page itself offers as `mailto:` links; they stay.
 *
 * A replacement is never longer than what it replaces, so a text cut to a byte budget still fits afterwards.
 */
export function redact(text: string, published: ReadonlySet<string> = NONE): string {
  return text
    .replace(PRIVATE_KEY, '[key]')
    .replace(JSON_WEB_TOKEN, '[token]')
    .replace(SERVICE_KEY, '[key]')
    .replace(CREDENTIAL, '$1 [token]')
    .replace(EMAIL, (address) =>
      published.has(address.toLowerCase()) || GIT_REMOTE.test(address) ? address : '[mail]',
    )
    .replace(IBAN_LIKE, (run) => redactWithin(run, [15, 34], '[iban]', isIban))
    .replace(DIGIT_RUN, (run) => redactWithin(run, [13, 19], '[card]', isCard));
}

const NONE: ReadonlySet<string> = new Set();

// Without its END line (a cut listing) a key is what follows in its alphabet.
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s:,-]*)/g;

const JSON_WEB_TOKEN = /\beyJ[\w-]{5,}(?:\.[\w-]*){2,4}/g;

// Amazon, OpenAI and Anthropic, Stripe, GitHub, GitLab, Slack, Google, npm, Hugging Face. A digit is asked for where
// the prefix alone is an ordinary word, so that placeholders such as `sk-your-key-goes-here` stay readable.
const SERVICE_KEY =
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|sk-(?=[\w-]*\d)[\w-]{16,}|[spr]k_(?:live|test)_\w{8,}|whsec_\w{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|AIza[\w-]{30,}|npm_\w{30,}|hf_\w{30,})/g;

const CREDENTIAL = /\b(Bearer|Basic)\s+(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*/gi;

// The look-behind lets a match begin only where its run begins: without it a long run without an @ costs its square.
const EMAIL = /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/gu;

// `git@host` heads an SSH remote in many a manual and names nobody.
const GIT_REMOTE = /^git@/i;

const IBAN_LIKE = /\b(?:[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,}|[a-z]{2}\d{2}[a-z0-9]{11,30}\b)/g;

const DIGIT_RUN = /\d(?:[ \u00a0\u2007\u2009\u202f.-]?\d){12,}/g;

/**
 * Replaces every stretch of `run` that begins and ends at the edge of a group, has `min` to `max` letters and digits
 * and passes `check`: a number may stand between other numbers ("order 2024 4111 1111 …").
 */
function redactWithin(
  run: string,
  [min, max]: [number, number],
  replacement: string,
  check: (compact: string) => boolean,
): string {
  let kept = '';
  let from = 0;
  const groups = [...run.matchAll(/[A-Za-z0-9]+/g)];
  for (const [first, start] of groups.entries()) {
    if (start.index < from) continue;
    let compact = '';
    let end = 0;
    for (let next = first; next < groups.length && compact.length < max; next += 1) {
      const [group] = groups[next] as RegExpExecArray;
      compact += group;
      const isWithin = compact.length >= min && compact.length <= max;
      if (isWithin && check(compact)) end = (groups[next] as RegExpExecArray).index + group.length;
    }
    if (end === 0) continue;
    kept += run.slice(from, start.index) + replacement;
    from = end;
  }
  return kept + run.slice(from);
}

function isCard(digits: string): boolean {
  // Schemes begin with 2 to 6; 1 begins the milliseconds of a date.
  if (!/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighed = index % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

function isIban(compact: string): boolean {
  if (!/^[A-Z]{2}\d{2}/i.test(compact)) return false;
  const rearranged = compact.slice(4) + compact.slice(0, 4);
  let remainder = 0;
  for (const sign of rearranged) {
    const value = Number.parseInt(sign, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
