import { expect, test } from 'vitest';
import { parseSettings } from '../../../server/cli/parse-settings.ts';

const read = async (place: string) => `what is in ${place}\n`;
const parse = (...words: string[]) => parseSettings(words, read);

test.each(['pageContext', 'page-context', 'page_context', '--page-context'])('%s is one setting', async (key) => {
  expect(await parse(`${key}=off`)).toEqual({ patch: { settings: { pageContext: 'off' } } });
});

test.each(['identity.directUserToken', 'identity.direct-user-token', 'direct_user_token'])(
  '%s is one of identity',
  async (key) => {
    expect(await parse(`${key}=true`)).toEqual({ patch: { settings: { identity: { directUserToken: true } } } });
  },
);

test('each kind of value is what JSON would have', async () => {
  expect(
    await parse(
      'name=Our = docs',
      'origins=https://a.example, https://b.example',
      'prompts=What is it?|What does it cost?',
      'identity=secret',
      'claims=plan role',
      'signInHours=12',
      'suspended=false',
      'greeting=',
    ),
  ).toEqual({
    patch: {
      name: 'Our = docs',
      origins: ['https://a.example', 'https://b.example'],
      settings: {
        prompts: [
          { label: 'What is it?', prompt: 'What is it?' },
          { label: 'What does it cost?', prompt: 'What does it cost?' },
        ],
        identity: { mode: 'secret', claims: ['plan', 'role'], signInHours: 12 },
        suspended: false,
        greeting: null,
      },
    },
  });
  expect(await parse('prompts=[{"label":"a","prompt":"b"}]')).toEqual({
    patch: { settings: { prompts: [{ label: 'a', prompt: 'b' }] } },
  });
});

test('a value comes from a file or the standard input, and a secret stays apart', async () => {
  expect(await parse('instructions=@rules.md', 'identity.secret=-')).toEqual({
    patch: { settings: { instructions: 'what is in rules.md' } },
    secret: 'what is in -',
  });
});

test.each([
  ['greeting', /^greeting is not KEY=VALUE$/],
  ['=x', /^=x is not KEY=VALUE$/],
  ['greting=x', /^greting is no setting; there are name, origins, greeting, /],
  ['__proto__=x', /is no setting/],
  ['constructor=x', /is no setting/],
  ['identity.toString=x', /is no setting/],
  ['suspended=yes', /^suspended is true or false$/],
  ['prompts=[{', /^prompts is not JSON$/],
])('%s is refused', async (word, message) => {
  await expect(parse(word)).rejects.toThrow(message);
});
