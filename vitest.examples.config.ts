import { defineConfig } from 'vitest/config';

// The examples, each installed and built: `npm run examples`. Apart from `npm test`, because installing other people's
// stacks takes longer than all tests of ours.
export default defineConfig({
  test: {
    include: ['tests/examples/*.test.ts'],
    reporters: ['verbose'],
    testTimeout: 60_000,
    // A whole build on a busy machine.
    hookTimeout: 300_000,
    expect: { poll: { timeout: 10_000 } },
    fileParallelism: false,
  },
});
