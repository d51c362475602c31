import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROWS, type Row } from './cross-tenant-rows.ts';
import { CANARY, type Ids, MISSING, makeTenantWorld, type Person } from './tenant-world.ts';

// Every route, asked by everybody who must not have what it gives: another visitor, another user, somebody of another
// site, nobody, and whoever had a right once. They get 401, or byte for byte what a missing id gets, and change nothing.

let world: Awaited<ReturnType<typeof makeTenantWorld>>;
interface Owner {
  person: Person;
  ids: Ids;
}
let owner: Owner;
let user: Owner;

beforeAll(async () => {
  world = await makeTenantWorld();
  owner = await world.newOwner();
  user = await world.newOwner(await world.newUser('docs', NAME));
});
afterAll(() => world.close());

/** What the user is called by the issuer of both sites. */
const NAME = 'somebody';

type Answer = Awaited<ReturnType<typeof world.ask>>;

/** What is new in each answer: ids, tokens, moments. */
function withoutChance({ status, headers, text }: Answer) {
  const alike = text
    .replace(/\b(thr|msg|atc|v|u)_(?:[0-9a-f]{32}|[\w-]{22}|[0-9a-f-]{36})\b/g, '$1_…')
    .replace(/\beyJ[\w.-]+/g, 'jwt')
    .replace(/"visitor_token":"[\w-]{43}"/, '"visitor_token":"…"')
    .replace(/Bearer [\w-]{43}/, 'Bearer …')
    .replace(/preview\/[\w-]{43}/, 'preview/…')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
  return { status, headers, text: alike };
}

/** What answers and is not the owner must not show. */
function expectNothingOf({ ids }: Owner, { text, headers }: Answer): void {
  const all = text + JSON.stringify(headers);
  for (const [name, id] of Object.entries(ids)) expect(all.includes(id), name).toBe(false);
}

const STRANGERS: [string, () => Promise<Person>][] = [
  ['another visitor', () => world.newPerson()],
  ['another user', () => world.newUser()],
  [
    'another user with the token itself',
    async () => {
      const person = await world.newUser();
      return { ...person, session: person.userToken ?? '' };
    },
  ],
  ['somebody of another site on the same origin', () => world.newPerson('shop')],
  ['a user of the same name on another site', () => world.newUser('shop', NAME)],
];
const OWNERS: [string, () => Owner][] = [
  ['a visitor', () => owner],
  ['a user', () => user],
];
const PAIRS = STRANGERS.flatMap(([who, make]) => OWNERS.map(([whose, get]) => [who, whose, make, get] as const));

test('every route has a row, and every row a route', () => {
  const routes = new Set(world.stack.app.routes.map(({ method, path }) => `${method} ${path}`));
  expect([...new Set(ROWS.map(({ route }) => route))].toSorted()).toEqual([...routes].toSorted());
});

describe.each(ROWS.filter(({ needs }) => needs === 'session' || needs === 'proof'))('$route: $name', (row: Row) => {
  test.each(PAIRS)(
    '%s gets of %s what a missing id gets, and changes nothing (C9, C10, C11, C12, C13, C14, C15, C19)',
    async (...pair) => {
      const [, , makeStranger, getOwner] = pair;
      const owner = getOwner();
      const stranger = await makeStranger();
      const before = await world.everythingOf(owner.person, owner.ids);
      const foreign = await world.ask(row.call(owner.ids, stranger), stranger);
      const again = row.once ? await makeStranger() : stranger;
      const missing = await world.ask(row.call(MISSING, again), again);
      expect(withoutChance(foreign)).toEqual(withoutChance(missing));
      expect(foreign.status).toBeLessThan(500);
      expectNothingOf(owner, foreign);
      expect(foreign.text).not.toContain(CANARY);
      expect(await world.everythingOf(owner.person, owner.ids)).toEqual(before);
    },
  );

  if (row.needs !== 'session') return;
  test('nobody, and whoever is late, gets 401', async () => {
    const before = await world.everythingOf(owner.person, owner.ids);
    const { call } = row;
    const someone = await world.newPerson();
    for (const [bearer, code] of [
      [null, /^(?:session_token_missing|token_invalid)$/],
      [world.late.session, /^token_(?:expired|invalid)$/],
      [world.lateUserToken, /^token_(?:expired|invalid)$/],
      [world.ended.session, /^token_(?:expired|invalid)$/],
      [someone.siteToken, /^token_invalid$/],
      [someone.visitorToken, /^token_invalid$/],
      [`${someone.session.slice(0, -3)}AAA`, /^token_invalid$/],
    ] as const) {
      const answers = [];
      for (const ids of [owner.ids, MISSING]) answers.push(await world.ask({ ...call(ids, someone), bearer }));
      const [refused, missing] = answers;
      expect(refused).toEqual(missing);
      expect(refused?.status).toBe(401);
      if (refused?.text) expect((JSON.parse(refused.text) as { error: { code: string } }).error.code).toMatch(code);
    }
    expect(await world.everythingOf(owner.person, owner.ids)).toEqual(before);
  });
});

describe('what opens by a proof of its own stays shut', () => {
  test.each([null, 'late', 'nonsense'])('to %s, as for a missing id', async (who) => {
    const bearer = who === 'late' ? world.late.session : who;
    const before = await world.everythingOf(owner.person, owner.ids);
    for (const { route, call } of ROWS.filter(({ needs }) => needs === 'proof')) {
      const someone = await world.newPerson();
      const answers = [];
      for (const ids of [owner.ids, MISSING]) answers.push(await world.ask({ ...call(ids, someone), bearer }));
      expect(answers[0], route).toEqual(answers[1]);
      expect(answers[0]?.status, route).toBe(route.includes('preview') ? 404 : 401);
    }
    expect(await world.everythingOf(owner.person, owner.ids)).toEqual(before);
  });
});

describe('what is public', () => {
  test.each(ROWS.filter(({ needs }) => needs === 'public'))(
    '$route $name is the same for everybody',
    async ({ call }) => {
      const visitor = await world.newPerson();
      const answers = [];
      for (const person of [owner.person, visitor, await world.newPerson('shop'), undefined])
        answers.push(await world.ask(call(owner.ids, visitor), person));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(answers[0]?.status).toBeLessThan(500);
    },
  );
});

describe('what is the operator’s', () => {
  test.each(ROWS.filter(({ needs }) => needs === 'operator'))('$route $name is 401 to all', async ({ call }) => {
    const before = await world.everythingOf(owner.person, owner.ids);
    const someone = await world.newPerson();
    const asked = call(owner.ids, someone);
    const tokens = [
      null,
      someone.session,
      someone.siteToken,
      someone.visitorToken,
      world.late.session,
      'undefined',
      '',
    ];
    for (const bearer of tokens)
      expect((await world.ask({ ...asked, bearer }, someone)).status, bearer ?? '').toBe(401);
    const { origin: _, ...fromPage } = asked;
    const refused = await world.ask(fromPage, owner.person);
    expect(refused.status).toBe(403);
    expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    expect(await world.everythingOf(owner.person, owner.ids)).toEqual(before);
  });
});

describe('the owner', () => {
  test.each(ROWS.filter(({ needs, sameForOwner }) => needs === 'session' && !sameForOwner))(
    'gets more than a stranger, or changes something: $route $name',
    async ({ call }) => {
      const { person, ids } = await world.newOwner();
      const before = JSON.stringify(await world.everythingOf(person, ids));
      const mine = await world.ask(call(ids, person), person);
      const missing = await world.ask(call(MISSING, person), person);
      const isChanged = JSON.stringify(await world.everythingOf(person, ids)) !== before;
      expect(isChanged || JSON.stringify(mine) !== JSON.stringify(missing)).toBe(true);
    },
  );
});

test('C21 every statement of all this carried the site and the owner of who asked', () => {
  expect(world.violations()).toEqual([]);
});
