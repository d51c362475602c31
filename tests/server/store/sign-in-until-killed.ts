import { writeSync } from 'node:fs';
import { signIn } from '../../../server/auth/sign-in.ts';
import { newVisitor } from '../../../server/auth/visitors.ts';
import { openDatabase, type Statement } from '../../../server/store/database.ts';
import { createVisitorStore } from '../../../server/store/visitor-store.ts';
import { makeContext } from '../../contract/make.ts';

// A program that signs in one visitor after the other until somebody kills it, and prints who it is before and after.
// Each has many threads, so that what is moved takes longer than it takes to be killed.
const [, , url = '', round = '', threads = ''] = process.argv;
const db = await openDatabase({ url });
const visitors = createVisitorStore(db);
const { site } = makeContext('site');
const origin = 'https://example.com';
for (let index = 0; ; index++) {
  const known = newVisitor({ siteId: site.id, origin }, 0, undefined);
  await visitors.saveVisitor(known.key, known);
  await db.write(possessionsOf(known.id, Number(threads)));
  const owner = `u_${round}_${index}`;
  writeSync(1, `begun ${known.id} ${owner}\n`);
  await signIn(
    { visitors, turns: { endOf: async () => {} }, forget: () => {} },
    { owner, user: { id: owner, claims: {} } },
    { site, origin, known, now: 0 },
  );
  writeSync(1, `done ${known.id} ${owner}\n`);
}

/** As many threads, each with two messages, a rating, a file, and one that was deleted and is still on the disk. */
function possessionsOf(owner: string, count: number): Statement[] {
  const insert = (into: string, values: string): Statement => ({
    sql: `WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?3)
      INSERT INTO ${into} SELECT ${values} FROM counted`,
    args: [site.id, owner, count],
  });
  const thread = "'thr_' || ?2 || n";
  return [
    insert('threads (site_id, owner, id, created_at, body)', `?1, ?2, ${thread}, n, '{}'`),
    insert('items (site_id, owner, thread_id, id, created_at, body)', `?1, ?2, ${thread}, 'msg_question', n, '{}'`),
    insert('items (site_id, owner, thread_id, id, created_at, body)', `?1, ?2, ${thread}, 'msg_answer', n, '{}'`),
    insert(
      'feedback (site_id, owner, thread_id, turn_id, item_id, kind)',
      `?1, ?2, ${thread}, 'msg_question', 'msg_answer', 'positive'`,
    ),
    insert(
      'attachments (site_id, owner, id, thread_id, created_at, body)',
      `?1, ?2, 'atc_' || ?2 || n, ${thread}, n, '{}'`,
    ),
    insert('removed_attachments (site_id, owner, id)', "?1, ?2, 'gone_' || ?2 || n"),
  ];
}
