/** Long questions to the engine: progress on a terminal, and Ctrl-C that stops them. */
import { randomUUID } from 'node:crypto';
import { disposables } from '../../core/base/disposable';
import { RunyardError } from '../../core/base/errors';
import type { EngineClient } from '../../engine/client/client';
import type { EvaluationProgress } from '../../protocol/evaluation/result';
import type { Invocation } from '../command';
import { visible } from '../terminal';

/** Somebody pressed Ctrl-C and the question was stopped. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Asks with a job of its own, which `cancel` stops. Throws Interrupted where a person stopped it; a second Ctrl-C doesn't wait for the engine. */
export async function asking<T>(call: Invocation, ask: (client: EngineClient, job: string) => Promise<T>, cancel: 'evaluations.cancel' | 'drift.cancel' | 'monitors.cancel' = 'evaluations.cancel'): Promise<T> {
  const client = await call.engine();
  const job = randomUUID();
  const { err } = call.io;
  const all = disposables();
  let interrupts = 0;
  let leave: (why: Interrupted) => void = () => undefined;
  const left = new Promise<never>((_, reject) => { leave = reject; });
  // Nobody waits for it any more once the answer is there.
  left.catch((why: unknown) => why);
  all.add(call.io.onInterrupt(() => {
    interrupts++;
    if (interrupts > 1) return leave(new Interrupted());
    err.line('runyard: stopping (once more leaves at once)');
    client.request(cancel, { job }).catch((error: unknown) => err.line(`runyard: ${String(error)}`));
  }));
  const progress = shownProgress(call);
  all.add(client.on('evaluating', (now) => { if (now.job === job) progress.show(now); }));
  try {
    return await Promise.race([ask(client, job), left]);
  } catch (error) {
    if (interrupts > 0 && (error instanceof Interrupted || (error instanceof RunyardError && error.code === 'cancelled'))) throw new Interrupted('stopped', { cause: error });
    throw error;
  } finally {
    progress.clear();
    all.dispose();
  }
}

/** One line that is written over, on a terminal only. */
function shownProgress({ io: { err }, json }: Invocation): { show(now: EvaluationProgress): void; clear(): void } {
  const on = err.isTerminal && !json;
  let shown = false;
  return {
    show({ phase, done, total }) {
      if (!on) return;
      shown = true;
      err.write(`\r\u001b[K${`${visible(phase)} ${total > 0 ? `${done} of ${total}` : done > 0 ? String(done) : ''}`.trimEnd().slice(0, Math.max(20, err.columns - 1))}`);
    },
    clear() {
      if (shown) err.write('\r\u001b[K');
      shown = false;
    },
  };
}

/** The Python of this terminal, where commands, metrics and taggers run; absent: the engine finds one. */
export async function pythonOf(call: Invocation, client: EngineClient): Promise<{ python?: string }> {
  const named = call.text('python');
  if (named !== undefined) return { python: named };
  const { PATH = '', VIRTUAL_ENV = '' } = call.io.env;
  try {
    const { interpreter } = await client.request('runs.preview', { argv: ['python', '-V'], env: { PATH, ...(VIRTUAL_ENV !== '' && { VIRTUAL_ENV }) } });
    return interpreter === null ? {} : { python: interpreter };
  } catch (error) {
    // Most evaluations need none; one that does says so itself.
    if (error instanceof RunyardError) return {};
    throw error;
  }
}
