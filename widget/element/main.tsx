import { render } from 'preact';
export const mountPanel = (el: Element) => render(<p>hi</p>, el);
