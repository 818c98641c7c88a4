/** The versions that are served now: what is live, and what a canary and a shadow name. Each is made ready before it takes the place of the one before, which answers what it was asked and ends. */
import { describeError, RunyardError } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import type { ServingConfig } from '../../config/monitoring';
import type { Role } from '../types';
import { onPointed, pointedAt, type Pointed } from './pointer';
import { checks, openServed, type Served, type ServedOptions } from './served';

export type FleetConfig = Pick<ServingConfig, 'canary' | 'shadow' | 'rules' | 'batch'>;
export interface FleetOptions {
  workspace: string; temp: string; script: string; model: string; environment: string;
  config: FleetConfig; privacy: ServedOptions['privacy'];
  /** a version by its number */
  find(version: number): Promise<Pointed>;
  say(text: string): void; onLost(role: Role, why: string): void;
}
export interface Fleet extends Disposable {
  get(role: Role): Served | null;
  /** what hinders it, in words, by what */
  readonly problems: ReadonlyMap<string, string>;
  /** Other settings. What can't be used is a problem, and what was before stays. */
  configure(config: FleetConfig, privacy: ServedOptions['privacy']): Promise<void>;
  look(): Promise<void>;
}

function notServed(error: unknown, { version }: Pointed, now: Served | null): RunyardError {
  const [code, text, hint] = error instanceof RunyardError ? [error.code, error.message, error.hint] as const : ['internal', describeError(error), ''] as const;
  return new RunyardError(code, `version ${version} can't be served${now ? `, so version ${now.version} still is` : ''}: ${text}`, hint, { cause: error });
}

/** How long nothing may be pointed at before nothing is answered: on Windows there is a moment without a pointer in each move. */
const GONE_MS = 2000;
/** After which a version that couldn't be had is asked for again. */
const AGAIN_MS = 10_000;
interface Found { answer: Promise<Pointed>; /** ms of performance.now(); null: for good */ until: number | null }
const ROLES = ['live', 'canary', 'shadow'] as const;

/** Throws not_found where nothing is live, and what keeps the live version from being served. */
export async function createFleet(options: FleetOptions): Promise<Fleet> {
  const { workspace, model, environment, say } = options;
  let { config, privacy } = options;
  const served = new Map<Role, Served>();
  const problems = new Map<string, string>();
  const leaving = new Set<Served>();
  const failed = new Map<Role, string>();
  const found = new Map<number, Found>();
  let goneSince: number | null = null;
  let disposed = false;
  let queue: Promise<void> = Promise.resolve();

  async function wanted(role: Role): Promise<Pointed | null> {
    if (role === 'live') return pointedAt(workspace, model, environment);
    const other = config[role];
    if (!other) return null;
    return other.version !== undefined ? numbered(other.version) : pointedAt(workspace, model, other.environment ?? environment);
  }

  /** A version is for good: it is asked for once, and one that can't be had only now and then. */
  async function numbered(version: number): Promise<Pointed> {
    const before = found.get(version);
    if (before && (before.until === null || performance.now() < before.until)) return before.answer;
    const answer = options.find(version);
    const entry: Found = { answer, until: null };
    found.set(version, entry);
    answer.catch(() => { entry.until = performance.now() + AGAIN_MS; });
    return answer;
  }

  async function follow(role: Role): Promise<void> {
    try {
      const target = await wanted(role);
      const now = served.get(role) ?? null;
      if (!target) return leave(role, now);
      goneSince = role === 'live' ? null : goneSince;
      if (now && now.version === target.version && now.folder === target.folder) return void problems.delete(role);
      const key = `${target.version} ${target.folder}`;
      if (failed.get(role) === key) return;
      try {
        await replace(role, target);
        failed.delete(role);
        problems.delete(role);
      } catch (error) {
        failed.set(role, key);
        throw notServed(error, target, now);
      }
    } catch (error) {
      const text = describeError(error);
      if (problems.get(role) !== text) say(`${role}: ${text}`);
      problems.set(role, text);
      if (!served.has('live') && role === 'live') throw error;
    }
  }

  async function replace(role: Role, target: Pointed): Promise<void> {
    const fresh = await openServed(target, { workspace, temp: options.temp, script: options.script, settings: config, privacy, onLost: (why) => options.onLost(role, why) });
    if (disposed) return fresh.dispose();
    const before = served.get(role);
    served.set(role, fresh);
    say(`${role}: version ${target.version}${before ? `, after version ${before.version}` : ''}`);
    if (before) retire(before);
  }

  /** It answers what it was asked. */
  function retire(one: Served): void {
    leaving.add(one);
    void one.batcher.drained().then(() => {
      leaving.delete(one);
      one.dispose();
    });
  }

  function leave(role: Role, now: Served | null): void {
    problems.delete(role);
    if (role === 'live') {
      problems.set(role, `nothing is live in ${environment} of ${model}`);
      goneSince ??= Date.now();
      if (now && Date.now() - goneSince < GONE_MS) return;
    }
    if (!now) return;
    served.delete(role);
    say(`${role}: none, after version ${now.version}`);
    retire(now);
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = queue.then(work);
    queue = next.catch(() => undefined);
    return next;
  };
  const lookNow = async (): Promise<void> => {
    for (const role of ROLES) if (!disposed) await follow(role);
  };

  await inTurn(lookNow);
  if (!served.has('live')) throw new RunyardError('not_found', `nothing is live in ${environment} of ${model}`, `promote a version: runyard promote ${model} VERSION --to ${environment}`);
  const watching = onPointed(workspace, model, () => inTurn(lookNow));
  return {
    get: (role) => served.get(role) ?? null,
    problems,
    look: () => inTurn(lookNow),
    configure: (next, secret) => inTurn(async () => {
      // all are checked before any is changed
      const checked = await Promise.all([...served.values()].map(async (one) => ({ one, checked: await checks(one.schema, { script: options.script, settings: next, privacy: secret }) })));
      [config, privacy] = [next, secret];
      failed.clear();
      found.clear();
      for (const { one, checked: fresh } of checked) {
        Object.assign(one, fresh);
        one.batcher.configure(next.batch);
      }
      await lookNow();
    }),
    dispose() {
      disposed = true;
      watching.dispose();
      for (const one of [...served.values(), ...leaving]) one.dispose();
    },
  };
}
