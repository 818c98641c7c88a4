/** What a person calls a run, to its id. */
import { RunyardError } from '../base/errors';
import type { Context } from './context';

type Goals = (metric: string) => 'maximize' | 'minimize';

/**
 * In this order: a whole id; @last; @best:metrics.KEY, optionally with :min or :max (else as `goal` says, else the largest); a name (the
 * newest run that has it, active ones before trashed); the beginning of an id that only one run has.
 * Throws not_found; bad_input where a prefix fits several runs or the form isn't known.
 */
export function resolveRun(context: Context, ref: string, goal?: Goals): string {
  const { db } = context;
  const exact = db.prepare('SELECT uid FROM runs WHERE uid = ?').get<{ uid: string }>(ref);
  if (exact) return exact.uid;
  if (ref.startsWith('@')) return special(context, ref, goal);
  const named = db.prepare('SELECT uid FROM runs WHERE name = ? ORDER BY trashed IS NOT NULL, created DESC, uid LIMIT 1').get<{ uid: string }>(ref);
  if (named) return named.uid;
  const prefix = ref.toLowerCase();
  if (/^[0-9a-f]{1,32}$/.test(prefix)) {
    const found = db.prepare("SELECT uid FROM runs WHERE uid >= ? AND uid < ? || 'g' ORDER BY uid LIMIT 4").all<{ uid: string }>(prefix, prefix);
    const [first] = found;
    if (first && found.length === 1) return first.uid;
    if (first) throw new RunyardError('bad_input', `'${ref}' is the beginning of several runs: ${found.map((run) => run.uid.slice(0, prefix.length + 4)).join(', ')}`, 'write more of the id');
  }
  throw new RunyardError('not_found', `there is no run '${ref}'`, 'give an id, the beginning of one, a name, @last or @best:metrics.KEY; see `runyard runs`');
}

function special(context: Context, ref: string, goal: Goals | undefined): string {
  if (ref === '@last') {
    const last = context.db.prepare('SELECT uid FROM runs WHERE trashed IS NULL ORDER BY created DESC, uid LIMIT 1').get<{ uid: string }>();
    if (last) return last.uid;
    throw new RunyardError('not_found', 'there is no run yet', 'start one: runyard run -- python train.py');
  }
  const best = /^@best:metrics?\.(.+?)(?::(min|max))?$/.exec(ref);
  if (!best) throw new RunyardError('bad_input', `'${ref}' names no run`, 'write @last, @best:metrics.KEY, @best:metrics.KEY:min or @best:metrics.KEY:max');
  const key = best[1] ?? '';
  const smallest = best[2] ? best[2] === 'min' : goal?.(key) === 'minimize';
  const found = context.db.prepare(`SELECT r.uid AS uid FROM metrics m JOIN runs r ON r.id = m.run WHERE m.key = ? AND m.value > ? AND m.value < ? AND r.trashed IS NULL
    ORDER BY m.value ${smallest ? 'ASC' : 'DESC'}, r.created DESC, r.uid LIMIT 1`).get<{ uid: string }>(context.findKey('metric', key), -Infinity, Infinity);
  if (found) return found.uid;
  throw new RunyardError('not_found', `no run has a number as metric '${key}'`, 'see the metrics that there are: runyard runs');
}
