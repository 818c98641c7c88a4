/** The schedules of runyard.yaml's monitors: what is kept of them, and what is due. */
import * as z from 'zod';
import type { MonitorConfig } from '../../config/monitoring';
import type { MonitoringContext } from '../types';
import { isDue, keptOf, nextRun, scheduleText, type Kept } from './schedule';

/** `problem`: why the last run failed, or a part of it. */
const docShape = z.object({ text: z.string(), seen: z.number(), last: z.number().nullable(), problem: z.string().nullable() });
type Doc = z.output<typeof docShape>;

export interface Schedules {
  /** Those whose time has come, in the file's order. A schedule that is seen for the first time begins now. */
  due(): MonitorConfig[];
  /** ms; null: it runs only when asked */
  next(monitor: MonitorConfig): number | null;
  problem(monitor: string): string | null;
  /** It ran; `t`: when it began, null where this was no run of its newest window. */
  ran(monitor: MonitorConfig, how: { t: number | null; problem: string | null }): void;
}

export function openSchedules({ store: { records }, clock, loaded }: MonitoringContext): Schedules {
  const known = new Map<string, Doc | null>();
  const idOf = (monitor: string): string => `monitor:${monitor}`;
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
  /** What is kept, written where it is new. */
  function current({ name, schedule }: MonitorConfig): Kept | null {
    if (!schedule) return null;
    const before = read(name);
    const kept = keptOf(schedule, before, now());
    if (kept !== before) write(name, { ...kept, problem: before?.problem ?? null });
    return kept;
  }

  return {
    due: () => Object.values(loaded().config.monitoring.monitors).filter((monitor) => {
      const kept = current(monitor);
      return kept !== null && monitor.schedule !== undefined && isDue(monitor.schedule, kept, now());
    }),
    next(monitor) {
      const kept = current(monitor);
      return kept && monitor.schedule ? nextRun(monitor.schedule, kept, now()) : null;
    },
    problem: (monitor) => read(monitor)?.problem ?? null,
    ran({ name, schedule }, { t, problem }) {
      const before = schedule ? keptOf(schedule, read(name), now()) : read(name);
      write(name, { text: scheduleText(schedule), seen: before?.seen ?? now(), last: t ?? before?.last ?? null, problem });
    },
  };
}
