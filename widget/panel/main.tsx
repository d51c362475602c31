import { ChatKit } from '@openai/chatkit-react';
import { render } from 'preact';
export const mountPanel = (el: Element) => render(<ChatKit control={{} as never} />, el);
