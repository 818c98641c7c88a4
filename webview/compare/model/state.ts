/** What the panel keeps over a reload. Everything has a default: an old or broken state gives the default of what is wrong in it. */
import * as z from 'zod';
import { compareSource } from '../../../src/protocol/compare';

export const tabs = ['curves', 'scatter', 'parallel', 'groups', 'differences'] as const;
export type Tab = (typeof tabs)[number];
export type XAxis = 'step' | 'relative' | 'wall';

const range = z.object({ from: z.number(), to: z.number() });
export type Range = z.infer<typeof range>;

const curves = z.object({
  /** null: the main metric and its first neighbours */
  metrics: z.array(z.string()).nullable().catch(null),
  x: z.enum(['step', 'relative', 'wall']).catch('step'),
  log: z.boolean().catch(false),
  smoothing: z.number().min(0).max(0.999).catch(0),
  groups: z.boolean().catch(false),
  zoom: range.nullable().catch(null),
});
const scatter = z.object({ x: z.string().catch(''), y: z.string().catch(''), color: z.string().catch('') });
const parallel = z.object({ axes: z.array(z.string()).nullable().catch(null), metric: z.string().catch(''), brushes: z.record(z.string(), range).catch({}) });
const groups = z.object({ metric: z.string().catch(''), baseline: z.string().catch(''), candidate: z.string().catch('') });
const differences = z.object({ left: z.string().catch(''), right: z.string().catch('') });
const empty = <T extends z.ZodType>(schema: T): z.ZodCatch<T> => schema.catch(() => schema.parse({}) as z.output<T>);

const panelState = z.object({
  source: compareSource.catch({}),
  filter: z.string().catch(''),
  sort: z.object({ key: z.string(), descending: z.boolean() }).nullable().catch(null),
  /** the runs that pass the brushes of the parallel coordinates; null while nothing is brushed */
  brushed: z.array(z.string()).nullable().catch(null),
  /** null: chosen by what differs */
  columns: z.array(z.string()).nullable().catch(null),
  onlyDiffers: z.boolean().catch(true),
  selected: z.array(z.string()).catch([]),
  /** null: the pinned run among those shown, if there is one; '' none, by choice */
  baseline: z.string().nullable().catch(null),
  tab: z.enum(tabs).catch('curves'),
  /** the table's share of the height */
  split: z.number().min(0.1).max(0.9).catch(0.42),
  scroll: z.object({ top: z.number(), left: z.number() }).catch({ top: 0, left: 0 }),
  curves: empty(curves), scatter: empty(scatter), parallel: empty(parallel), groups: empty(groups), differences: empty(differences),
});
export type PanelState = z.infer<typeof panelState>;

/** Parses what was saved, or gives the defaults. */
export function readPanelState(saved: unknown): PanelState {
  const parsed = panelState.safeParse(saved ?? {});
  return parsed.success ? parsed.data : panelState.parse({});
}
