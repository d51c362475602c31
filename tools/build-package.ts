import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Compiles what `npm pack` puts into the package, because Node strips no types inside `node_modules`: the three entry
// points and what they reach, nothing else.

const root = join(import.meta.dirname, '..');
const lib = join(root, 'lib');

rmSync(lib, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.package.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

// The compiler leaves `.ts` in declarations. It reads them itself, other tools look for a file that is not there.
for (const file of globSync('**/*.d.ts', { cwd: lib })) {
  const path = join(lib, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]+)\.ts(?=['"])/g, '$1.js'));
}
