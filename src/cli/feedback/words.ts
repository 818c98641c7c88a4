/** Words that several of the feedback commands share. */
import { RunyardError } from '../../core/base/errors';
import type { EngineClient } from '../../engine/client/client';
import type { Invocation, Options } from '../command';
import { EXIT } from '../command';
import { momentOf } from '../registry/time';
import { asking, Interrupted } from '../evaluation/ask';

export const MODEL_OPTION: Options = { model: { short: 'm', value: 'NAME@ENV', help: 'whose log and feedback, such as loan@production' } };

/** NAME@ENVIRONMENT. Throws bad_input. */
export function modelOf(call: Invocation): string {
  const model = call.text('model');
  if (model !== undefined && /^[^@/]+@[^@/]+$/.test(model)) return model;
  throw new RunyardError('bad_input', model === undefined ? '--model NAME@ENV is missing' : `--model ${model} names no model in an environment`, 'write --model loan@production');
}

/** A long question of monitoring: stopped by Ctrl-C. */
export async function askingLong(call: Invocation, ask: (client: EngineClient, job: string) => Promise<number>): Promise<number> {
  try {
    return await asking(call, ask, 'monitors.cancel');
  } catch (error) {
    if (error instanceof Interrupted) return EXIT.interrupted;
    throw error;
  }
}

/** `--since` as the parameter of that name, in ms. Throws bad_input. */
export function sinceOf<K extends string>(call: Invocation, name: K): Partial<Record<K, number>> {
  const since = call.text('since');
  if (since === undefined) return {};
  try {
    return { [name]: momentOf(since) } as Partial<Record<K, number>>;
  } catch (error) {
    if (error instanceof RunyardError) throw new RunyardError(error.code, error.message.replace('--time', '--since'), error.hint.replace('--time', '--since'), { cause: error });
    throw error;
  }
}
