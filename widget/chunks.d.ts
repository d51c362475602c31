/** Paths of the built ES chunks, relative to the script that imports them. Made by `tools/chunk-names.ts`. */
declare module 'virtual:chunks' {
  export const panel: string;
  export const element: string;
  export const selection: string;
}

/** A style sheet as text, for a constructable sheet: `<style>` does not work under a strict CSP. */
declare module '*.css?inline' {
  const css: string;
  export default css;
}
