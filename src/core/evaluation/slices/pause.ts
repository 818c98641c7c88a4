/** Long work that lets others run. */
import { RunyardError } from '../../base/errors';

/** Lets whatever waits run, then goes on, or ends as cancelled where it was told to. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resume) => setImmediate(resume));
  if (signal?.aborted) throw new RunyardError('cancelled', 'the search for slices was cancelled', '');
}
