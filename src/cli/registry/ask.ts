/** Long questions about the registry: progress on standard error, and Ctrl-C that stops them. */
import type { EngineClient } from '../../engine/client/client';
import { EXIT, type Invocation } from '../command';
import { asking, Interrupted } from '../evaluation/ask';

/** Asks with a job of its own that Ctrl-C cancels. Throws Interrupted where a person stopped it. */
export const askingRegistry = <T>(call: Invocation, ask: (client: EngineClient, job: string) => Promise<T>): Promise<T> =>
  asking(call, async (client, job) => {
    const heard = call.io.onInterrupt(() => {
      client.request('registry.cancel', { job }).catch((error: unknown) => call.io.err.line(`runyard: ${String(error)}`));
    });
    try {
      return await ask(client, job);
    } finally {
      heard.dispose();
    }
  });

/** The status of what was asked; 130 where a person stopped it. */
export async function orInterrupted(ask: () => Promise<number>): Promise<number> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Interrupted) return EXIT.interrupted;
    throw error;
  }
}
