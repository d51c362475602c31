import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoSite, serveDemoSite } from '../../demo-site/serve.ts';

const TAG = '<script async src="https://chat.example/widget.js" data-site-token="a$&b"></script>';
const PAGES = (await readdir(new URL('../../demo-site/public', import.meta.url))).filter((name) =>
  name.endsWith('.html'),
);

let site: DemoSite;

beforeAll(async () => {
  site = await serveDemoSite({ host: '127.0.0.1', port: 0, scriptTag: TAG, chatOrigin: 'https://chat.example' });
});
afterAll(async () => site.close());

/** The target as it is: fetch would tidy `..` away before sending. */
async function get(target: string, method = 'GET') {
  const { port } = new URL(site.url);
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: target, method, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('the demo site', () => {
  it.each(PAGES)('%s carries the script tag once, literally', async (name) => {
    const { status, body, headers } = await get(`/${name}`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body.split(TAG)).toHaveLength(2);
    expect(body).not.toContain('<!-- pagewise -->');
  });

  it('serves the overview at its root, whatever the query', async () => {
    const { body } = await get('/?from=%2e%2e#x');
    expect(body).toContain('<title>Pelorin: parcels for small shops</title>');
  });

  it('answers an unknown page with 404 and the site around it', async () => {
    const { status, body } = await get('/nothing-here');
    expect(status).toBe(404);
    expect(body).toContain('There is no such page');
    expect(body).toContain(TAG);
  });

  it.each([
    '/../serve.ts',
    '/%2e%2e/serve.ts',
    '/..%2fserve.ts',
    '/..%5cserve.ts',
    '/a/../../serve.ts',
    '/%00index.html',
    '/%ff',
    '/.',
    '//etc/passwd',
  ])('does not leave its folder for %s', async (target) => {
    const { status, body } = await get(target);
    expect(status).toBe(404);
    expect(body).not.toContain('serveDemoSite');
  });

  it('sends security headers with every answer, and lets no page frame it (D20)', async () => {
    for (const target of ['/', '/site.css', '/nothing', ...PAGES.map((name) => `/${name}`)]) {
      expect((await get(target)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'strict-origin-when-cross-origin',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      });
    }
  });

  it('serves the strict page under a policy that lets in the chat server alone', async () => {
    const { headers, body } = await get('/strict.html');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src https://chat.example; connect-src https://chat.example; img-src https://chat.example; style-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(body).not.toMatch(/<img|<style|style=|site\.js/);
  });

  it('answers HEAD without a body and refuses other methods', async () => {
    expect(await get('/', 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect(await get('/', 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('rejects when its port is taken', async () => {
    const port = Number(new URL(site.url).port);
    const second = serveDemoSite({ host: '127.0.0.1', port, scriptTag: TAG, chatOrigin: 'https://chat.example' });
    await expect(second).rejects.toThrow('EADDRINUSE');
  });
});
