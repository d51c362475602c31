import { parseArgs } from 'node:util';
import { readClaims } from '../auth/unproven.ts';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { checkServer } from '../verify/check-server.ts';
import { Fault, type Finding, look } from '../verify/finding.ts';
import { type SiteToVerify, verifyOutside } from '../verify/verify-outside.ts';
import { UsageError } from './parse-settings.ts';
import { askAt, askServer } from './reach-operator.ts';
import type { Ask } from './run-command.ts';
import { verifyInside } from './verify-inside.ts';

const USAGE = `usage: npm run verify                          the server of this machine, by its own environment
       npm run verify -- URL --site-token T    one anywhere, as a page of the site sees it

  --site-token T   the token of a tag, as it stands in the page
  --origin O       the page's origin, where the token names none or only a wildcard that you do not mean

Looks at a deployment from outside, as browsers do, and from inside: for that it asks the running server, with
OPERATOR_TOKEN or with the file that the server keeps in DATA_DIR. The assistant gets one question a site; what that
leaves behind is taken away. Exit code: 0 when all is well, 1 when something is not, 2 for a wrong call.`;

interface Words {
  /** Without a slash at its end; without it, the server of this machine. */
  url: string | undefined;
  /** Without it: the sites that the server tells of. */
  site: SiteToVerify | undefined;
}

async function* verify({ url: given, site }: Words): AsyncGenerator<Finding> {
  let config: Config | undefined;
  const environment = await look('environment', async () => {
    config = loadConfig();
    return 'every variable holds';
  });
  yield environment;
  if (!config) return;
  const url = given ?? config.publicUrl;
  const server = await look('server', () => checkServer(url));
  yield server;
  if (!server.ok) return;
  const ask = await operatorOf(config, given);
  if (!ask && !site)
    throw new UsageError('an address needs --site-token as well, or OPERATOR_TOKEN in the environment');
  const known = ask ? yield* verifyInside(ask, url) : [];
  yield* verifyOutside(url, site ? [site] : known);
}

function loadConfig(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (error instanceof ConfigError) throw new Fault(error.message, 'Set it as the README says.');
    throw error;
  }
}

/** Who looks from inside: at another address only with a token that was meant for it. */
async function operatorOf(config: Config, given: string | undefined): Promise<Ask | undefined> {
  if (given === undefined) return askServer(config);
  return config.operatorToken === undefined ? undefined : askAt(given, config.operatorToken);
}

function readWords(words: string[]): Words {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { 'site-token': { type: 'string' }, origin: { type: 'string' } },
    });
    const [given, ...rest] = positionals;
    if (rest.length > 0 || (given !== undefined && !URL.canParse(given))) throw new UsageError(USAGE);
    const token = values['site-token'];
    return {
      url: given?.replace(/\/+$/, ''),
      site: token === undefined ? undefined : readTag(token, values.origin),
    };
  } catch (error) {
    // An option that there is not is a `TypeError` of the parser.
    if (error instanceof TypeError) throw new UsageError(`${error.message}\n\n${USAGE}`);
    throw error;
  }
}

/** What a site token says of itself: nobody has to believe it here, the server checks it. */
function readTag(siteToken: string, origin: string | undefined): SiteToVerify {
  const claims = readClaims(siteToken);
  if (!claims) throw new UsageError('--site-token is the value of `data-site-token` in a tag');
  const { sub, org } = claims;
  const listed = Array.isArray(org) ? org.filter((entry: unknown) => typeof entry === 'string') : [];
  return {
    id: typeof sub === 'string' ? sub : '',
    siteToken,
    origins: origin === undefined ? listed : [origin],
  };
}

function print({ name, ok, text, advice }: Finding): void {
  console.log(`  ${ok ? '✓' : '✗'} ${name.padEnd(16)} ${text}`);
  if (advice !== undefined) console.log(`${' '.repeat(21)}→ ${advice}`);
}

async function main(words: string[]): Promise<void> {
  if (['help', '--help', '-h'].includes(words[0] ?? '')) return console.log(USAGE);
  let good = 0;
  let bad = 0;
  for await (const finding of verify(readWords(words))) {
    print(finding);
    if (finding.ok) good += 1;
    else bad += 1;
  }
  console.log(bad === 0 ? `\n  All ${good} checks are good.` : `\n  ${bad} of ${good + bad} checks failed.`);
  process.exitCode = bad === 0 ? 0 : 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
