import { ALLOWED_HOST } from './vectors.ts';

// What the element itself draws. Whatever else stands in the page came out of a text.

const ELEMENTS = new Set(
  'article aside blockquote br button circle code del details div em h2 h3 h4 hr i img input li line ol p path pre rect section span strong summary svg table tbody td th thead tr ul a'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'alt aria-busy aria-describedby aria-hidden aria-label aria-live aria-pressed checked class data-item dir disabled d height href id loading open part popover referrerpolicy rel role rx src start style tabindex target title type viewbox width x x1 x2 y y1 y2 cx cy r'.split(
    ' ',
  ),
);
const SAFE_LINK = /^(?:https?:\/\/|mailto:[^?]*$|tel:)/;

/** What is drawn under `root` and must not be: foreign elements, handlers and other attributes, forbidden addresses. */
export function dangersIn(root: ParentNode): string[] {
  return [...root.querySelectorAll('*')].flatMap((node) => {
    const found: string[] = [];
    if (!ELEMENTS.has(node.tagName.toLowerCase())) found.push(`<${node.tagName}>`);
    for (const { name, value } of node.attributes) {
      const known = ATTRIBUTES.has(name.toLowerCase());
      const isAddress = name === 'href' || name === 'src';
      if (!known) found.push(`${name}=${value}`);
      // Colours and sizes of the element's own; an address in a style would be a request.
      if (name === 'style' && /url|image|@|expression|position/i.test(value)) found.push(`${name}=${value}`);
      if (isAddress && name === 'href' && !SAFE_LINK.test(value)) found.push(`${name}=${value}`);
      if (isAddress && name === 'src' && !value.startsWith(`https://${ALLOWED_HOST}/`)) found.push(`${name}=${value}`);
    }
    return found;
  });
}
