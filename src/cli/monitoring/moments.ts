/** Moments and lengths of time as options say them. */
import { RunyardError } from '../../core/base/errors';
import type { Invocation } from '../command';
import { momentOf } from '../registry/time';

/** ms since the epoch; absent where the option is. Throws bad_input naming the option. */
export function momentIn(call: Pick<Invocation, 'text'>, option: string): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  try {
    return momentOf(text);
  } catch (error) {
    if (error instanceof RunyardError) throw new RunyardError(error.code, error.message.replace('--time', `--${option}`), error.hint.replace('--time', `--${option}`), { cause: error });
    throw error;
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** '1d' to ms. Throws bad_input naming the option. */
export function spanIn(call: Pick<Invocation, 'text'>, option: string): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([smhdw])$/.exec(text.trim()) ?? [];
  if (number === undefined || unit === undefined || Number(number) <= 0) throw new RunyardError('bad_input', `--${option} ${text} is no length of time`, `write --${option} 1d, 12h or 30m`);
  return Number(number) * (UNITS[unit] ?? 1);
}

/** A window as people read it, in UTC: one day by its date. */
export function windowText({ from, to }: { from: number; to: number }): string {
  const DAY = 86_400_000;
  const midnight = from % DAY === 0 && to % DAY === 0;
  const shown = (t: number): string => new Date(t).toISOString().slice(0, midnight ? 10 : 16).replace('T', ' ');
  return midnight && to - from === DAY ? shown(from) : `${shown(from)} to ${shown(to)}${midnight ? '' : ' UTC'}`;
}
