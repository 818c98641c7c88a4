/** Long work that can be stopped, and that lets others run. */
import { RunyardError } from './errors';

export const stopped = (what = 'stopped'): RunyardError => new RunyardError('cancelled', what, '');

/** Throws cancelled where the signal says so. */
export function refuseStopped(signal: AbortSignal | undefined, what?: string): void {
  if (signal?.aborted) throw stopped(what);
}

/** Lets whatever waits run, then goes on, or throws cancelled. */
export async function pause(signal: AbortSignal | undefined, what?: string): Promise<void> {
  await new Promise<void>((resume) => { setImmediate(resume); });
  refuseStopped(signal, what);
}
