/**
 * The token of an `Authorization` header; `undefined` when there is none or it is of another scheme (RFC 6750 §2.1,
 * the scheme's case does not matter). A tag built by a template without a value says "undefined" or "null".
 */
export function parseBearer(header: string | undefined): string | undefined {
  const [, token] = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? '') ?? [];
  return token === 'undefined' || token === 'null' ? undefined : token;
}
