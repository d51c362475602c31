import { element } from 'virtual:chunks';

// `currentScript` can be any node that a page named so: only a script's address is followed.
const script = document.currentScript;
if (script instanceof HTMLScriptElement && !customElements.get('openai-chatkit'))
  import(/* @vite-ignore */ new URL(element, script.src).href).catch((error: unknown) => {
    console.error('openai-chatkit could not be loaded', error);
  });
