/** Who may ask: a process of this user that has the token, and no web page. Source: OWASP, DNS rebinding and CSRF prevention cheat sheets. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { MlflowError } from './errors';

export interface GuardOptions { token: string; /** false: whoever reaches the port may ask */ tokenNeeded: boolean }

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/i;

/**
 * Throws where the request comes from a page (a foreign Host or Origin: 403) or has no right token (401). Gives the run that the token
 * names (`<token>.<run id>`), or null.
 */
export function admit(request: IncomingMessage, { token, tokenNeeded }: GuardOptions): string | null {
  const { host = '', origin, authorization = '' } = request.headers;
  if (!LOOPBACK.test(host)) throw new MlflowError('PERMISSION_DENIED', `Invalid Host header: this server answers on loopback only, as localhost or 127.0.0.1`);
  if (origin !== undefined && !isOwnOrigin(origin, host)) throw new MlflowError('PERMISSION_DENIED', 'Cross-origin request blocked: web pages have no access to this server');
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new MlflowError('PERMISSION_DENIED', 'Cross-site request blocked: web pages have no access to this server');
  const given = credential(authorization);
  const [secret = '', run] = given.split('.');
  if (!same(secret, token)) {
    if (!tokenNeeded) return null;
    throw new MlflowError('UNAUTHENTICATED', 'MLFLOW_TRACKING_TOKEN is missing or wrong: `runyard serve` prints it, and runs and terminals of Runyard have it set');
  }
  return run !== undefined && /^[0-9a-f]{32}$/.test(run) ? run : null;
}

/** The bearer token, or the password of basic authentication. */
function credential(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  const plain = Buffer.from(value, 'base64').toString('utf8');
  return plain.includes(':') ? plain.slice(plain.indexOf(':') + 1) : '';
}

const isOwnOrigin = (origin: string, host: string): boolean => origin.toLowerCase() === `http://${host.toLowerCase()}`;
const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
/** In a time that tells nothing of how much of it is right. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
