// What a server between browser and chat imports: `pagewise/proxy`. What is not named here is ours to change.

export { type CookieProxyOptions, createCookieProxy } from './cookie-proxy.ts';
