/** The schedules of runyard.yaml's monitors: what is kept of them, and what is due. */
import * as z from 'zod';
import type { MonitorConfig } from '../../config/monitoring';
import type { MonitoringContext } from '../types';
import { isDue, keptOf, nextRun, scheduleText, type Kept } from './schedule';

/** `problem`: why the last run failed, or a part of it. `away`: runyard.yaml has it no longer; `since`: when it was last taken out: what was found until then is another's. */
const docShape = z.object({ text: z.string(), seen: z.number(), last: z.number().nullable(), problem: z.string().nullable(), away: z.boolean().default(false), since: z.number().nullable().default(null) });
type Doc = z.output<typeof docShape>;

export interface Schedules {
  /** Those whose time has come, in the file's order. A schedule that is seen for the first time begins now. */
  due(): MonitorConfig[];
  /** whether one is due, or will be within so many seconds */
  soon(within: number): boolean;
  /** ms; null: it runs only when asked */
  next(monitor: MonitorConfig): number | null;
  problem(monitor: string): string | null;
  /** It ran; `t`: when it began, null where this was no run of its newest window. */
  ran(monitor: MonitorConfig, how: { t: number | null; problem: string | null }): void;
  /** Those that runyard.yaml has now, by name: what is known of any other is forgotten, so that it begins anew where it comes back. */
  settle(names: ReadonlySet<string>): void;
  /** whether runyard.yaml has it no longer */
  gone(monitor: string): boolean;
  /** ms: when one of this name was taken out of runyard.yaml; null: never */
  since(monitor: string): number | null;
}
const ID = 'monitor:';

export function openSchedules({ store: { records }, clock, loaded }: MonitoringContext): Schedules {
  const known = new Map<string, Doc | null>();
  const idOf = (monitor: string): string => `${ID}${monitor}`;
  const now = (): number => Math.round(clock() * 1000);

  function read(monitor: string): Doc | null {
    const cached = known.get(monitor);
    if (cached !== undefined) return cached;
    const found = docShape.safeParse(records.get('schedule', idOf(monitor))?.doc);
    const doc = found.success ? found.data : null;
    known.set(monitor, doc);
    return doc;
  }
  function write(monitor: string, doc: Doc): void {
    known.set(monitor, doc);
    records.put('schedule', { id: idOf(monitor), scope: 'monitor', sort: doc.last ?? doc.seen, doc });
  }
  /** All but what is said stays. */
  const change = (monitor: string, said: Partial<Doc>): void => write(monitor, { text: '', seen: now(), last: null, problem: null, away: false, since: null, ...read(monitor), ...said });
  let present: ReadonlySet<string> | null = null;
  const gone = (monitor: string): boolean => present !== null && !present.has(monitor) && !Object.hasOwn(loaded().config.monitoring.monitors, monitor);
  /** What is kept, written where it is new. */
  function current({ name, schedule }: MonitorConfig): Kept | null {
    if (!schedule) return null;
    const before = read(name);
    const kept = keptOf(schedule, before, now());
    if (kept !== before) change(name, kept);
    return kept;
  }
  function next(monitor: MonitorConfig): number | null {
    const kept = current(monitor);
    return kept && monitor.schedule ? nextRun(monitor.schedule, kept, now()) : null;
  }

  return {
    due: () => Object.values(loaded().config.monitoring.monitors).filter((monitor) => {
      const kept = current(monitor);
      return kept !== null && monitor.schedule !== undefined && isDue(monitor.schedule, kept, now());
    }),
    next, soon: (within) => Object.values(loaded().config.monitoring.monitors).some((monitor) => (next(monitor) ?? Infinity) <= now() + within * 1000),
    problem: (monitor) => read(monitor)?.problem ?? null,
    ran({ name, schedule }, { t, problem }) {
      if (gone(name)) return;
      const before = schedule ? keptOf(schedule, read(name), now()) : read(name);
      change(name, { text: scheduleText(schedule), seen: before?.seen ?? now(), last: t ?? before?.last ?? null, problem });
    },
    settle(names) {
      present = names;
      for (const { id } of records.list('schedule', { scopes: ['monitor'] })) {
        const name = id.slice(ID.length);
        const away = !names.has(name);
        if (!id.startsWith(ID) || read(name)?.away === away) continue;
        if (away) write(name, { text: '', seen: now(), last: null, problem: null, away, since: now() });
        else change(name, { away });
      }
    },
    gone, since: (monitor) => read(monitor)?.since ?? null,
  };
}
