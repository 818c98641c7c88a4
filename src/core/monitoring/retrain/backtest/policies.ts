/** Policies that a back-test replays, by their names. Pure. */
import { RunyardError } from '../../../base/errors';
import { nearest } from '../../../base/nearest';
import { period, type RetrainingConfig, type Trigger } from '../../../config/monitoring';

/** What triggers look at while a log is replayed: every window of it, under this name. */
export const REPLAYED = 'replayed';
/** `drop` null: it is a share of what was usual, see `DROP`; `count` and so on as in runyard.yaml. */
export type ReplayTrigger = Exclude<Trigger, { on: 'estimated' | 'realised' }> | { on: 'estimated' | 'realised'; drop: number | null };
export interface Policy { name: string; triggers: ReplayTrigger[] }

/** Share of the first model's figure on rows that it didn't see. */
export const DROP = 0.05;
export const USUAL_POLICIES = ['weekly', 'drift', 'estimated', 'never'] as const;
const CLOCK: Readonly<Record<string, number>> = { daily: 86_400, weekly: 7 * 86_400, monthly: 30 * 86_400 };
const WORDS = [...Object.keys(CLOCK), 'every 3d', 'drift', 'estimated', 'realised', 'labels 500', 'never', 'configured'];

/** 'weekly', 'every 3d', 'drift 2' (windows in a row), 'estimated 0.03' (the drop), 'realised', 'labels 500', 'never', 'configured' (as runyard.yaml has it). Several at once with '+'. Throws bad_input. */
export function policyOf(text: string, config: Pick<RetrainingConfig, 'triggers'>): Policy {
  const name = text.trim().replace(/\s+/g, ' ');
  return { name, triggers: name.split('+').flatMap((part) => triggersOf(part.trim(), config)) };
}

function triggersOf(text: string, { triggers }: Pick<RetrainingConfig, 'triggers'>): ReplayTrigger[] {
  const [word = '', value, ...more] = text.replace(/^on /, '').split(' ');
  const every = CLOCK[word];
  if (more.length > 0) throw unknown(text);
  if (value === undefined) {
    if (every !== undefined) return [{ on: 'schedule', every }];
    if (word === 'never') return [];
    if (word === 'configured') return triggers.map((one): ReplayTrigger => (one.on === 'drift' ? { ...one, monitor: REPLAYED } : one.on === 'estimated' || one.on === 'realised' ? { on: one.on, drop: one.drop } : one));
  }
  if (word === 'every' && value !== undefined) {
    const length = period.safeParse(value);
    if (!length.success) throw new RunyardError('bad_input', `'${text}': ${value} is no length of time`, 'write every 3d, every 12h');
    return [{ on: 'schedule', every: length.data }];
  }
  if (word === 'drift') return [{ on: 'drift', monitor: REPLAYED, windows: value === undefined ? ofConfig(triggers, 'drift')?.windows ?? 1 : whole(text, value) }];
  if (word === 'labels' && value !== undefined) return [{ on: 'labels', count: whole(text, value) }];
  if (word === 'estimated' || word === 'realised') return [{ on: word, drop: value === undefined ? (ofConfig(triggers, word) ?? null)?.drop ?? null : positive(text, value) }];
  throw unknown(text);
}

const ofConfig = <K extends Trigger['on']>(triggers: readonly Trigger[], on: K): Extract<Trigger, { on: K }> | undefined => triggers.find((one): one is Extract<Trigger, { on: K }> => one.on === on);

function whole(text: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new RunyardError('bad_input', `'${text}': ${value} is no whole number from 1 on`, `write ${text.split(' ')[0]} 3`);
  return Number(value);
}
function positive(text: string, value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new RunyardError('bad_input', `'${text}': ${value} is no number above 0`, `write ${text.split(' ')[0]} 0.05`);
  return number;
}

function unknown(text: string): RunyardError {
  const near = nearest(text, WORDS);
  return new RunyardError('bad_input', `there is no policy '${text}'`, near ? `did you mean '${near}'?` : `there are ${WORDS.join(', ')}`);
}

/** The same with every drop said, as the triggers of retrainings have it. */
export const withDrops = (triggers: readonly ReplayTrigger[], { metric, drop }: { metric: string; drop: number }): Trigger[] =>
  triggers.map((one): Trigger => (isDrop(one) ? { on: one.on, monitor: REPLAYED, metric, drop: one.drop ?? drop } : one));
const isDrop = (one: ReplayTrigger): one is Extract<ReplayTrigger, { on: 'estimated' | 'realised' }> => one.on === 'estimated' || one.on === 'realised';
