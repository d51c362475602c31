import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';

test('nothing set is a server on this machine', () => {
  expect(readConfig({})).toEqual({
    port: 8787,
    demoPort: 8788,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:8787',
    dataDir: 'data',
    databaseUrl: `file://${resolve('data/pagewise.db')}`,
    databaseAuthToken: undefined,
    openaiApiKey: undefined,
    openaiBaseUrl: undefined,
    model: undefined,
    modelApi: 'responses',
    transcribeModel: undefined,
    keySecret: undefined,
    operatorToken: undefined,
    outboundAllow: [],
    logLevel: 'info',
  });
});

test('an empty variable counts as unset', () => {
  expect(readConfig({ PORT: '', PUBLIC_URL: '', KEY_SECRET: '' })).toEqual(readConfig({}));
});

test('what follows from others follows them', () => {
  const config = readConfig({ PORT: '9000', DATA_DIR: '/srv/a b', DEMO_PORT: '0' });
  expect(config).toMatchObject({
    publicUrl: 'http://localhost:9000',
    databaseUrl: 'file:///srv/a%20b/pagewise.db',
    demoPort: 0,
  });
  expect(readConfig({ PUBLIC_URL: 'http://chat.test/' }).publicUrl).toBe('http://chat.test');
});

test('what may be called is written as URLs are', () => {
  const { outboundAllow } = readConfig({ OUTBOUND_ALLOW: 'IDP.internal:8443, [0::1]:080 ,127.1:443' });
  expect(outboundAllow).toEqual(['idp.internal:8443', '[::1]:80', '127.0.0.1:443']);
});

describe('a bad value names its variable', () => {
  test.each([
    ['PORT', 'x'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['DEMO_PORT', '-1'],
    ['DEMO_PORT', '8787'],
    ['PUBLIC_URL', 'chat.example.com'],
    ['PUBLIC_URL', 'ftp://chat.example.com'],
    ['DATABASE_URL', 'postgres://x'],
    ['OPENAI_BASE_URL', 'localhost:1234'],
    ['MODEL_API', 'completions'],
    ['LOG_LEVEL', 'loud'],
    ['OPERATOR_TOKEN', 'two words'],
    ['OUTBOUND_ALLOW', 'idp.internal'],
    ['OUTBOUND_ALLOW', 'idp.internal:0'],
    ['OUTBOUND_ALLOW', 'idp.internal:65536'],
    ['OUTBOUND_ALLOW', 'idp.internal:1:2'],
    ['OUTBOUND_ALLOW', '::1:8080'],
    ['OUTBOUND_ALLOW', '*:443'],
    ['OUTBOUND_ALLOW', 'https://idp.internal:443'],
    ['OUTBOUND_ALLOW', 'me@idp.internal:443'],
    ['OUTBOUND_ALLOW', 'idp.internal:443/keys'],
    ['OUTBOUND_ALLOW', 'idp.internal:443,,'],
  ])('%s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`\\b${name} `));
  });
});
