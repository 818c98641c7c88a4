/** How artifacts' calls are answered: lists as MLflow writes them, and uploads that are refused. */
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { ANSWERED, type Call } from '../router';
import type { Entry } from './files';

/** How long what is left of a refused upload is read, so that its client gets to read why. */
const DRAIN_MS = 30_000;

/** MLflow leaves an empty list out. */
export const listed = (entries: readonly Entry[], under = ''): Record<string, unknown> =>
  (entries.length === 0 ? {} : { files: entries.map(({ name, size }) => ({ path: under + name, is_dir: size === null, ...(size === null ? {} : { file_size: size }) })) });

/** A refused upload is read to its end first: a client that still writes would be cut off, not told why. One that hung up is told nothing. */
export async function answered(call: Call, work: () => Promise<unknown>): Promise<unknown> {
  const { request } = call;
  try {
    return await work();
  } catch (error) {
    if (request.destroyed && !request.complete) return ANSWERED;
    await drain(request);
    throw error;
  }
}

async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete) return;
  request.resume();
  try {
    await finished(request, { signal: AbortSignal.timeout(DRAIN_MS), cleanup: true });
  } catch {
    request.destroy(); // it hung up, or goes on for too long
  }
}
