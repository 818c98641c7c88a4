import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { MlflowError } from '../../../../src/engine/mlflow/errors';
import { admit } from '../../../../src/engine/mlflow/guard';

const token = 'a'.repeat(48);
const run = 'b'.repeat(32);
const right = `Bearer ${token}`;
const asked = (headers: Record<string, string>, tokenNeeded = true): string | number | null => {
  try {
    return admit({ headers: { host: '127.0.0.1:5000', ...headers } } as unknown as IncomingMessage, { token, tokenNeeded });
  } catch (error) {
    if (error instanceof MlflowError) return error.status;
    throw error;
  }
};
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('the right token is let in, as bearer or as the password of basic authentication', () => {
  expect(asked({ authorization: right })).toBeNull();
  expect(asked({ authorization: `bearer ${token}` })).toBeNull();
  expect(asked({ authorization: basic(`me:${token}`) })).toBeNull();
});

test('the run that a token names is told, and only where it is one', () => {
  expect(asked({ authorization: `${right}.${run}` })).toBe(run);
  expect(asked({ authorization: `${right}.../../x` })).toBeNull();
});

test.each([
  ['no header', {}], ['an empty token', { authorization: 'Bearer ' }], ['another scheme', { authorization: `Digest ${token}` }], ['half of it', { authorization: right.slice(0, -1) }],
  ['more of it', { authorization: `${right}a` }], ['other letters', { authorization: right.toUpperCase() }], ['a user without a password', { authorization: basic(token) + 'x' }],
  ['a name in place of it', { authorization: `Bearer .${run}` }],
])('%s is 401', (_what, headers) => {
  expect(asked(headers as Record<string, string>)).toBe(401);
});

test('without the need of a token whoever asks is let in, but no page', () => {
  expect(asked({}, false)).toBeNull();
  expect(asked({ authorization: 'Bearer wrong' }, false)).toBeNull();
  expect(asked({ authorization: `${right}.${run}` }, false)).toBe(run);
  expect(asked({ origin: 'https://evil.example' }, false)).toBe(403);
  expect(asked({ host: 'evil.example:5000' }, false)).toBe(403);
});

test.each(['127.0.0.1', '127.0.0.1:80', 'localhost:5000', 'LOCALHOST', '[::1]:5000', '127.8.9.1:1'])('Host %s is this machine', (host) => {
  expect(asked({ host, authorization: right })).toBeNull();
});

test.each(['', 'evil.example', 'evil.example:5000', '127.0.0.1.evil.example', 'localhost.evil.example:5000', '127.0.0.1:5000@evil.example', '0.0.0.0:5000', '192.168.0.3', 'localhost:', '127.0.0.1:5000/x', '127.0.0.1\n'])('Host %j is refused, with the right token too', (host) => {
  expect(asked({ host, authorization: right })).toBe(403);
});

test.each(['null', 'https://evil.example', 'http://127.0.0.1:5001', 'https://127.0.0.1:5000', 'http://localhost:5000', 'http://127.0.0.1:5000.evil.example', 'vscode-webview://x', ''])('Origin %j is refused, with the right token too', (origin) => {
  expect(asked({ origin, authorization: right })).toBe(403);
});

test('its own origin is let in', () => {
  expect(asked({ origin: 'http://127.0.0.1:5000', authorization: right })).toBeNull();
});

test.each([['cross-site', 403], ['same-site', 403], ['anything', 403], ['same-origin', null], ['none', null]])('Sec-Fetch-Site %s gives %s', (site, result) => {
  expect(asked({ 'sec-fetch-site': site, authorization: right })).toBe(result);
});
