/** An alert by POST to the address that runyard.yaml names, and to no other. */
import { describeError } from '../../base/errors';

export interface Posted { ok: boolean; text: string }
/** `timeout` in seconds, for all of it. */
export interface Posting { url: string; body: string; timeout: number; stop: AbortSignal }

const MOST_REDIRECTS = 3;
/** Those that keep the method and the body. */
const SAME_METHOD = new Set([307, 308]);

/** Never throws. Done is any 2xx; a redirect is followed within the same origin only, and only where it keeps the POST. The answer's body isn't read. */
export async function post({ url, body, timeout, stop }: Posting): Promise<Posted> {
  const limit = AbortSignal.timeout(Math.ceil(timeout * 1000));
  const signal = AbortSignal.any([limit, stop]);
  const began = performance.now();
  let at = new URL(url);
  try {
    for (let hops = 0; ; hops++) {
      const response = await fetch(at, { method: 'POST', body, redirect: 'manual', signal, headers: { 'content-type': 'application/json', 'user-agent': 'runyard' } });
      await response.body?.cancel();
      const { status } = response;
      if (status < 300 || status >= 400) return { ok: status >= 200 && status < 300, text: `answered ${status} in ${((performance.now() - began) / 1000).toFixed(1)} s` };
      const refused = whyNot(at, response, hops);
      if (typeof refused === 'string') return { ok: false, text: refused };
      at = refused;
    }
  } catch (error) {
    if (stop.aborted) return { ok: false, text: 'stopped: the engine ended' };
    if (limit.aborted) return { ok: false, text: `did not answer within ${timeout} s` };
    return { ok: false, text: `could not be reached: ${describeError(error instanceof Error && error.cause instanceof Error ? error.cause : error)}` };
  }
}

/** The next address, or why it isn't gone to. */
function whyNot(at: URL, response: Response, hops: number): URL | string {
  const to = response.headers.get('location');
  const next = to === null ? null : URL.parse(to, at.href);
  const said = `answered ${response.status}, a redirect`;
  if (!next) return `${said} to nowhere`;
  if (next.origin !== at.origin) return `${said} to ${next.origin}: refused, it is another address than runyard.yaml names`;
  if (!SAME_METHOD.has(response.status)) return `${said} that doesn't keep the message: refused`;
  return hops >= MOST_REDIRECTS ? `${said}, the ${hops + 1}th in a row: given up` : next;
}
