/** What the evaluation panel keeps by vscode.setState, so that it comes back as it was. Outside input when read: whatever doesn't fit becomes its default. */
import * as z from 'zod';
import { DISCOVER_MODES, LOSSES } from '../../../src/protocol/evaluation/request';

const place = z.object({ top: z.number(), left: z.number() }).catch({ top: 0, left: 0 });
const range = z.object({ of: z.enum(['score', 'residual', 'loss']), from: z.number(), to: z.number() });
/** A stretch of the score, the residual or the loss that was brushed. */
export type Brushed = z.infer<typeof range>;

const discover = z.object({
  mode: z.enum(DISCOVER_MODES).catch('loss'),
  /** '': the one that fits the task */
  loss: z.enum(['', ...LOSSES]).catch(''),
  depth: z.number().int().min(1).max(4).catch(2),
  topK: z.number().int().min(1).max(1000).catch(10),
  /** null: 1 % of the rows and at least 30 */
  minSupport: z.number().int().min(1).nullable().catch(null),
});
export type DiscoverForm = z.infer<typeof discover>;

const upperTabs = ['slices', 'discover', 'importance'] as const;
export type UpperTab = (typeof upperTabs)[number];
const lowerTabs = ['rows', 'flips'] as const;
export type LowerTab = (typeof lowerTabs)[number];

const panelState = z.object({
  /** first, for the host's serializer reads it */
  evaluation: z.string().catch(''),
  upper: z.enum(upperTabs).catch('slices'),
  lower: z.enum(lowerTabs).catch('rows'),
  /** the figure of the slice table; '': the one that the model is judged by */
  metric: z.string().catch(''),
  sort: z.object({ key: z.string(), descending: z.boolean() }).catch({ key: 'harm', descending: true }),
  filter: z.string().catch(''),
  /** the selected slice; null: all rows */
  slice: z.string().nullable().catch(null),
  /** one value of the split column; null: all of them */
  part: z.string().nullable().catch(null),
  brush: z.array(range).catch([]),
  /** a clicked cell of the confusion matrix */
  cell: z.object({ truth: z.string(), predicted: z.string() }).nullable().catch(null),
  /** whether the pictures draw the baseline's curves, too */
  baselineCurves: z.boolean().catch(false),
  flip: z.enum(['any', 'broken', 'fixed']).catch('any'),
  rowSort: z.enum(['worst', 'best', 'order']).catch('worst'),
  /** keys of the row browser's columns that are shown besides the id; null: all of them */
  rowColumns: z.array(z.string()).nullable().catch(null),
  /** the id of the row whose side pane is open */
  example: z.string().nullable().catch(null),
  /** the upper half's share of the height */
  share: z.number().min(0.1).max(0.9).catch(0.36),
  sliceScroll: place, rowScroll: place,
  warnings: z.boolean().catch(false),
  allFigures: z.boolean().catch(false),
  discover: discover.catch(() => discover.parse({})),
  repeats: z.number().int().min(1).max(1000).catch(10),
});
export type PanelState = z.infer<typeof panelState>;

/** Parses what was saved, or gives the defaults. */
export function readPanelState(saved: unknown): PanelState {
  const parsed = panelState.safeParse(saved ?? {});
  return parsed.success ? parsed.data : panelState.parse({});
}

/** What is left of a state when another evaluation is shown: the looks of the tables, and the slice where that one has it too. */
export function stateFor(state: PanelState, evaluation: string, slices: readonly string[]): PanelState {
  const slice = state.slice !== null && slices.includes(state.slice) ? state.slice : null;
  if (state.evaluation === evaluation) return slice === state.slice ? state : { ...state, slice };
  return { ...state, evaluation, slice, part: null, brush: [], cell: null, example: null, rowScroll: { top: 0, left: 0 } };
}
