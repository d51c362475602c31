import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 15_000, hookTimeout: 60_000 };

// Three places where a test can live: `node` for everything without a page, `dom` for what happy-dom can show in
// milliseconds, `browser` for the built files in a real Chromium, driven from Node.
export default defineConfig({
  resolve: {
    alias: { 'react/jsx-runtime': 'preact/jsx-runtime', react: 'preact/compat', 'react-dom': 'preact/compat' },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'node',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.browser.test.ts', 'tests/**/*.dom.test.{ts,tsx}', 'tests/examples/**'],
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'dom',
          environment: 'happy-dom',
          include: ['tests/**/*.dom.test.{ts,tsx}'],
          // Through the aliases above, or it would bring React itself and find no renderer.
          server: { deps: { inline: ['@openai/chatkit-react'] } },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'browser',
          environment: 'node',
          include: ['tests/**/*.browser.test.ts'],
          testTimeout: 60_000,
          // A deadline for what a browser does by itself, not a measure of it; the default of one second is a measure.
          expect: { poll: { timeout: 10_000 } },
          // Two cores: more browsers at once only make each other late.
          maxWorkers: 2,
        },
      },
    ],
  },
});
