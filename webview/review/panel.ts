/** What every part of the review panel shares: the state that is kept, the lists of rows, and what feedback comes to. */
import type { FeedbackSummary } from '../../src/protocol/monitoring';
import { debounce, throttle } from '../shared/dom';
import type { Host } from './host';
import { createList, type List } from './list';
import { readPanelState, stateFor, type PanelState } from './model/state';

/** One round of the queue, and rows that are listed at once. */
const ROUND = 50;
const LISTED = 200;
const SUMMARY_MS = 1000;

export interface Panel {
  readonly host: Host;
  state(): Readonly<PanelState>;
  /** Changes the state, keeps it for a reload, and tells who listens. */
  update(patch: Partial<PanelState>): void;
  onState(listener: (changed: ReadonlySet<keyof PanelState>) => void): void;
  /** rows that are worth a look; and all rows */
  readonly queue: List; readonly rows: List;
  summary(): FeedbackSummary | null;
  refreshSummary(): void;
  onSummary(listener: () => void): void;
  open(model: string): void;
}

export function createPanel(host: Host): Panel {
  let state = readPanelState(host.readState());
  let summary: FeedbackSummary | null = null;
  const stateListeners: ((changed: ReadonlySet<keyof PanelState>) => void)[] = [];
  const summaryListeners: (() => void)[] = [];
  const save = debounce(150, () => host.writeState(state));
  const update = (patch: Partial<PanelState>): void => {
    const changed = new Set((Object.keys(patch) as (keyof PanelState)[]).filter((key) => !Object.is(state[key], patch[key])));
    if (changed.size === 0) return;
    state = { ...state, ...patch };
    save();
    for (const listener of stateListeners) listener(changed);
  };
  const common = { host, model: () => state.model, counted: (by: 1 | -1) => update({ done: Math.max(0, state.done + by) }) };
  const refreshSummary = throttle(SUMMARY_MS, () => {
    host.ask('feedback.summary', { model: state.model }).then((found) => {
      summary = found;
      for (const listener of summaryListeners) listener();
    }, () => undefined);
  });
  return {
    host, update, refreshSummary,
    state: () => state,
    onState: (listener) => void stateListeners.push(listener),
    queue: createList({ ...common, asked: () => ({ limit: ROUND, ...(state.source !== '' && { sources: [state.source] }) }), kept: () => state.row, keep: (row) => update({ row }) }),
    rows: createList({ ...common, asked: () => ({ limit: LISTED, find: state.find }), kept: () => state.found, keep: (found) => update({ found }) }),
    summary: () => summary,
    onSummary: (listener) => void summaryListeners.push(listener),
    open(model) {
      state = stateFor(state, model);
      save();
      refreshSummary();
    },
  };
}
