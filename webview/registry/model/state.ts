/** What the registry panel keeps by vscode.setState, so that it comes back as it was. Outside input when read: whatever doesn't fit becomes its default. */
import * as z from 'zod';

const place = z.object({ top: z.number(), left: z.number() }).catch({ top: 0, left: 0 });
const sorted = z.object({ key: z.string(), descending: z.boolean() });

const tabs = ['candidate', 'timeline', 'versions', 'comments'] as const;
export type Tab = (typeof tabs)[number];
const ranges = ['all', '365', '90', '30', '7', '1'] as const;
/** Days back from now that the timeline shows. */
export type Range = (typeof ranges)[number];

const panelState = z.object({
  /** first, for the host's serializer reads it */
  model: z.string().catch(''),
  tab: z.enum(tabs).catch('candidate'),
  /** the candidate; null: the one that waits for somebody, else the newest */
  version: z.number().int().min(1).nullable().catch(null),
  /** where it would go; null: where it waits, else the last one of runyard.yaml */
  environment: z.string().nullable().catch(null),
  slice: z.string().nullable().catch(null),
  /** null: worst first */
  sliceSort: sorted.nullable().catch(null),
  sliceScroll: place,
  /** names of the gates whose evidence is shown */
  openGates: z.array(z.string()).catch([]),
  allFigures: z.boolean().catch(false),
  range: z.enum(ranges).catch('all'),
  /** the hash of the entry whose details are shown */
  event: z.string().nullable().catch(null),
  eventFilter: z.string().catch(''),
  /** one kind of event; '': all */
  eventKind: z.string().catch(''),
  /** null: all environments and the model's own */
  eventEnvironment: z.string().nullable().catch(null),
  /** newest first */
  eventDescending: z.boolean().catch(true),
  eventScroll: place,
  /** the timeline's share of the height */
  share: z.number().min(0.1).max(0.9).catch(0.36),
  versionSort: sorted.catch({ key: 'version', descending: true }),
  versionFilter: z.string().catch(''),
  versionScroll: place,
  /** texts that were begun, by what they are for */
  drafts: z.record(z.string(), z.string()).catch({}),
});
export type PanelState = z.infer<typeof panelState>;

/** Parses what was saved, or gives the defaults. */
export function readPanelState(saved: unknown): PanelState {
  const parsed = panelState.safeParse(saved ?? {});
  return parsed.success ? parsed.data : panelState.parse({});
}

/** What is left of a state when another model is shown: the looks of the tables. */
export function stateFor(state: PanelState, model: string): PanelState {
  if (state.model === model) return state;
  const none = { top: 0, left: 0 };
  return { ...state, model, version: null, environment: null, slice: null, sliceScroll: none, openGates: [], event: null, eventFilter: '', eventEnvironment: null, eventScroll: none, versionFilter: '', versionScroll: none, drafts: {} };
}
