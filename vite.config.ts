import { defineConfig } from 'vite';
import { chunkNames } from './tools/chunk-names.ts';
import { lexerOfMarked } from './tools/lexer-of-marked.ts';
import { precompress } from './tools/precompress.ts';

// One build, in two passes, because an IIFE cannot be split: the ES chunks first, then the two classic scripts, into
// which `virtual:chunks` writes the hashed names of the chunks that they import by URL.
const names = chunkNames();

export default defineConfig({
  publicDir: false,
  // Preact in place of React: without the aliases the panel weighs 224 kB instead of 28.
  resolve: {
    alias: { 'react/jsx-runtime': 'preact/jsx-runtime', react: 'preact/compat', 'react-dom': 'preact/compat' },
    dedupe: ['preact'],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { 'process.env.NODE_ENV': '"production"' },
  // Browsers that know `light-dark()`: for older ones it would be rewritten into properties that only work where
  // `color-scheme` stands in the same style sheet, and every colour of a host-chosen scheme would be lost.
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
    minify: true,
    modulePreload: false,
    // Each pass names its own entry. The word stands here because Vite asks the shared config alone whether this is a
    // library: if it is none, the first `import()` of a chunk brings 1.8 kB of preloading that nobody uses.
    lib: { entry: {} },
  },
  plugins: [names.plugin, lexerOfMarked()],
  builder: {
    // One plugin instance for all passes: it carries the names from the first to the others.
    sharedConfigBuild: true,
    sharedPlugins: true,
    async buildApp(builder) {
      const { chunks, embed, chatkit } = builder.environments;
      if (!chunks || !embed || !chatkit) throw new Error('the build environments are incomplete');
      names.remember(await builder.build(chunks));
      await builder.build(embed);
      await builder.build(chatkit);
      await precompress('dist');
    },
  },
  environments: {
    chunks: {
      consumer: 'client',
      build: {
        outDir: 'dist',
        emptyOutDir: true,
        lib: {
          entry: {
            panel: 'widget/panel/main.tsx',
            element: 'widget/element/main.tsx',
            selection: 'widget/panel/selection.ts',
          },
          formats: ['es'],
        },
        rolldownOptions: {
          // What draws workflows and widgets is a chunk that takes the rest from the element's own. Without this word
          // the two would share a third file, which every first click loads and which compresses worse: 750 bytes.
          preserveEntrySignatures: 'allow-extension',
          output: {
            minify: true,
            // Hints for bundlers: these files are not bundled again.
            comments: { annotation: false },
            entryFileNames: 'assets/[name]-[hash].js',
            chunkFileNames: 'assets/[name]-[hash].js',
          },
        },
      },
    },
    embed: { consumer: 'client', build: classicScript('widget/embed/main.ts', 'widget.js') },
    chatkit: { consumer: 'client', build: classicScript('widget/element/chatkit.ts', 'chatkit.js') },
  },
});

function classicScript(entry: string, file: string) {
  return {
    outDir: 'dist',
    emptyOutDir: false,
    lib: { entry, formats: ['iife' as const], name: 'pagewiseScript', fileName: () => file },
    rolldownOptions: { output: { minify: true, entryFileNames: file } },
  };
}
