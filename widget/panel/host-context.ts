/** Most characters of what a page may add as JSON: with the page's text it stays below the server's body cap. */
const MAX_CHARS = 8_000;

/**
 * What the host page gave to `setContext`, as plain data: a function is called now, so that the value is fresh.
 * Whatever is no JSON object (a cycle, a BigInt, a DOM node, too long) is refused with a console error, never sent.
 */
export function readHostContext(given: unknown): Record<string, unknown> | undefined {
  if (given === undefined || given === null) return undefined;
  try {
    const value: unknown = typeof given === 'function' ? (given as () => unknown)() : given;
    if (value === undefined || value === null) return undefined;
    if (!isPlainObject(value)) throw new TypeError('it is not a plain object');
    const json = JSON.stringify(value, refuseObjectsOfTheBrowser);
    if (json.length > MAX_CHARS) throw new RangeError(`it has more than ${MAX_CHARS} characters`);
    return JSON.parse(json) as Record<string, unknown>;
  } catch (error) {
    console.error('Pagewise: what setContext was given is not sent:', error);
    return undefined;
  }
}

function refuseObjectsOfTheBrowser(_key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlainObject(value))
    throw new TypeError(`${Object.prototype.toString.call(value)} is not data`);
  return value;
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]';
}
