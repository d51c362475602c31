import type { Plugin } from 'vite';

/**
 * Leaves of `marked` its lexer. The package is one file whose last lines make an instance of its parser and renderer of
 * HTML strings, which no bundler dares to leave out: 3 kB brotli of code that draws by the one way that the element
 * must never take. Fails the build where the file has another shape, as after an update it may.
 */
export function lexerOfMarked(): Plugin {
  return {
    name: 'lexer-of-marked',
    transform: {
      filter: { id: /\/marked\/lib\/marked\.esm\.js$/ },
      handler(code) {
        const lexer = /\b([\w$]+) as Lexer\b/.exec(code)?.[1];
        const instance = [...code.matchAll(/\bvar [\w$]+=new [\w$]+;function /g)].at(-1);
        if (!lexer || !instance) throw new Error('marked.esm.js has another shape: see tools/lexer-of-marked.ts');
        return { code: `${code.slice(0, instance.index)}export{${lexer} as Lexer};`, map: null };
      },
    },
  };
}
