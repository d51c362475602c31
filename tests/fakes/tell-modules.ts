import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

// For `--import`: says each module that a process loads on its standard error, as `loads URL`.
registerHooks({
  load(url, context, nextLoad) {
    writeSync(2, `loads ${url}\n`);
    return nextLoad(url, context);
  },
});
