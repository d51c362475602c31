import { writeSync } from 'node:fs';
import { openDatabase } from '../../../server/store/database.ts';
import { createThreadStore } from '../../../server/store/thread-store.ts';
import { makeContext, makeMessage, makeThread } from '../../contract/store.ts';

// A program that stores messages until somebody kills it, and prints the id of each once it is stored.
const [, , url = '', round = ''] = process.argv;
const store = createThreadStore(await openDatabase({ url }));
const context = makeContext('site');
await store.saveThread(context, makeThread('thr_kill'));
for (let index = 0; ; index++) {
  const id = `msg_${round}_${index}`;
  await store.saveItem(context, 'thr_kill', makeMessage('thr_kill', id, 'x'.repeat(400)));
  writeSync(1, `${id}\n`);
}
