/** What the review panel keeps by vscode.setState, so that it comes back as it was. Outside input when read: whatever doesn't fit becomes its default. */
import * as z from 'zod';

const tabs = ['queue', 'rows', 'agreement'] as const;
export type Tab = (typeof tabs)[number];
export const reviewSources = ['flagged', 'shadow', 'uncertain', 'drifted', 'random'] as const;

const panelState = z.object({
  /** first, for the host's serializer reads it */
  model: z.string().catch(''),
  tab: z.enum(tabs).catch('queue'),
  /** the row that is shown in each tab, by its key; null: the first that isn't judged */
  row: z.string().nullable().catch(null),
  found: z.string().nullable().catch(null),
  /** '': all of them */
  source: z.enum(['', ...reviewSources]).catch(''),
  find: z.string().catch(''),
  /** rows that were judged in this panel so far */
  done: z.number().int().min(0).catch(0),
  /** a comment that was begun */
  comment: z.string().catch(''),
});
export type PanelState = z.infer<typeof panelState>;

/** Parses what was saved, or gives the defaults. */
export function readPanelState(saved: unknown): PanelState {
  const found = panelState.safeParse(typeof saved === 'object' && saved !== null ? saved : {});
  return found.success ? found.data : panelState.parse({});
}

/** Another model begins anew. */
export const stateFor = (state: PanelState, model: string): PanelState => (state.model === model ? state : panelState.parse({ model }));
