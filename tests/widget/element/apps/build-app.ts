import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export const FLAVOURS = {
  'React 19': { react: 'react', dom: 'react-dom', version: '19.3.1' },
  'React 18': { react: 'react-18', dom: 'react-dom-18', version: '18.3.1' },
  'Preact 11': { react: 'preact/compat', dom: 'preact/compat', version: undefined },
} as const;

export type Flavour = keyof typeof FLAVOURS;

/**
 * `app.tsx` as one script, built as its authors would. A development build: in the other one StrictMode does nothing.
 */
export async function buildApp(flavour: Flavour): Promise<string> {
  const { react, dom } = FLAVOURS[flavour];
  const jsx = flavour === 'Preact 11' ? 'preact' : react;
  const result = await build({
    configFile: false,
    logLevel: 'error',
    // The package's own files import `react` too: all of it has to be the same one.
    resolve: {
      alias: [
        { find: /^react\/jsx-(dev-)?runtime$/, replacement: `${jsx}/jsx-runtime` },
        { find: /^react$/, replacement: react },
        { find: /^react-dom\/client$/, replacement: `${dom}/client` },
        { find: /^react-dom$/, replacement: dom },
      ],
    },
    oxc: { jsx: { runtime: 'automatic', importSource: 'react', development: false } },
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('app.tsx', import.meta.url)), formats: ['es'], fileName: 'app' },
    },
  });
  const [first] = Array.isArray(result) ? result : [result];
  const chunk = first && 'output' in first ? first.output[0] : undefined;
  if (!chunk) throw new Error('Vite gave no output');
  return chunk.code;
}
