import { ChatKitElement } from './chatkit-element.tsx';

// Importing this file defines the element, unless the page has one already: OpenAI's own, or ours of another chunk.
if (typeof customElements !== 'undefined' && !customElements.get('openai-chatkit'))
  customElements.define('openai-chatkit', ChatKitElement);
