/** What the drift panel keeps by vscode.setState, so that it comes back as it was. Outside input when read: whatever doesn't fit becomes its default. */
import * as z from 'zod';
import { DRIFT_PARTS, driftSource, type DriftSource } from '../../../src/protocol/drift-panel';

const place = z.object({ top: z.number(), left: z.number() }).catch({ top: 0, left: 0 });
export type Part = (typeof DRIFT_PARTS)[number];
/** 'harm', 'effect', 'name', or the id of the result whose window is sorted by. */
const order = z.object({ by: z.string().min(1), descending: z.boolean() });
export type Order = z.infer<typeof order>;

const panelState = z.object({
  /** first, for the host's serializer reads it */
  source: driftSource.catch({ none: true }),
  /** the column that is looked at; null: the first row */
  column: z.string().nullable().catch(null),
  /** the result whose window is looked at; null: the newest */
  result: z.string().nullable().catch(null),
  part: z.enum(DRIFT_PARTS).catch('column'),
  /** null: by harm where it is known, else by effect */
  order: order.nullable().catch(null),
  filter: z.string().catch(''),
  /** only columns that drifted in a window that is shown */
  drifted: z.boolean().catch(false),
  /** windows that are shown; 0: as many as fit */
  windows: z.number().int().min(0).max(1000).catch(0),
  picture: z.enum(['histogram', 'ecdf']).catch('histogram'),
  /** by its id, or 'quantiles' */
  measure: z.string().catch('psi'),
  /** null: the main one */
  metric: z.string().nullable().catch(null),
  /** predicate of the slice within which the column is drawn; null: all rows */
  within: z.string().nullable().catch(null),
  /** the heat map's share of the height */
  share: z.number().min(0.1).max(0.9).catch(0.44),
  scroll: place,
  rowsScroll: place,
  alert: z.string().nullable().catch(null),
  allAlerts: z.boolean().catch(false),
  /** texts that were begun, by what they are for */
  drafts: z.record(z.string(), z.string()).catch({}),
});
export type PanelState = z.infer<typeof panelState>;

/** Parses what was saved, or gives the defaults. */
export function readPanelState(saved: unknown): PanelState {
  const parsed = panelState.safeParse(saved ?? {});
  return parsed.success ? parsed.data : panelState.parse({});
}

/** Whether both are of the same thing. */
const sameSource = (a: DriftSource, b: DriftSource): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is left of a state when something else is shown: how things are looked at. */
export function stateFor(state: PanelState, source: DriftSource): PanelState {
  if (sameSource(state.source, source)) return state;
  const none = { top: 0, left: 0 };
  return { ...state, source, column: null, result: null, order: null, filter: '', drifted: false, within: null, metric: null, scroll: none, rowsScroll: none, alert: null, drafts: {} };
}
