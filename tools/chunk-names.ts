import type { Plugin, Rolldown } from 'vite';

const MODULE = 'virtual:chunks';

/**
 * A virtual module with the names of the ES chunks that were built before: `import { panel, element } from
 * 'virtual:chunks'`. `remember` takes what the first pass gave; loading the module before that is an error.
 */
export function chunkNames(): { plugin: Plugin; remember(output: unknown): void } {
  const files = new Map<string, string>();
  return {
    remember(output) {
      for (const result of [output].flat() as Rolldown.RolldownOutput[])
        for (const chunk of result.output)
          if (chunk.type === 'chunk' && chunk.isEntry) files.set(chunk.name, chunk.fileName);
    },
    plugin: {
      name: 'pagewise:chunk-names',
      resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
      load(id) {
        if (id !== `\0${MODULE}`) return;
        const names = ['panel', 'element', 'selection'].map((name) => {
          const file = files.get(name);
          if (!file) throw new Error(`the chunk ${name} is not built yet`);
          return `export const ${name} = ${JSON.stringify(file)};`;
        });
        return names.join('\n');
      },
    },
  };
}
