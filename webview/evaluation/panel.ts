/** What every part of the evaluation panel shares: the evaluation, the state that is kept, and what was asked already. */
import type { Selection } from '../../src/protocol/evaluation/request';
import type { Details, EvaluationDoc, ExampleRow, SliceResult, Trend } from '../../src/protocol/evaluation/result';
import { debounce } from '../shared/dom';
import type { Host } from './host';
import { readPanelState, stateFor, type PanelState } from './model/state';

export type StateKey = keyof PanelState;

/** How many answers about slices are kept: one is a few kilobytes. */
const KEPT = 40;

export interface Panel {
  readonly host: Host;
  /** There is one once the panel's parts are made. */
  doc(): EvaluationDoc;
  loaded(): boolean;
  trend(): Trend | null;
  state(): Readonly<PanelState>;
  /** Changes the state, keeps it for a reload, and tells who listens which keys changed. */
  update(patch: Partial<PanelState>): void;
  onState(listener: (changed: ReadonlySet<StateKey>) => void): void;
  /** Another evaluation is shown, or the same one was read again: draw all of it anew. */
  onDoc(listener: () => void): void;
  /** What the slice's own column shows: the chosen figure, else the main one. */
  metric(): string;
  slice(): SliceResult | null;
  /** Reads an evaluation and shows it. Rejects where it can't be read; what was shown stays. */
  open(evaluation: string): Promise<void>;
  /** Curves of some rows, by the model or by the baseline; the same question is asked once. */
  details(selection: Selection, options?: { baseline: boolean }): Promise<Details>;
  /** Earlier values of the chosen figure; told through onTrend. */
  onTrend(listener: () => void): void;
  /** A row was judged: it is pinned or not from now on, whatever the evaluation was made with. */
  judged(example: string, pinned: boolean): void;
  isPinned(row: Pick<ExampleRow, 'id' | 'pinned'>): boolean;
  onJudged(listener: () => void): void;
}

export function createPanel(host: Host): Panel {
  let state = readPanelState(host.readState());
  let doc: EvaluationDoc | null = null;
  let trend: Trend | null = null;
  let asked = 0;
  const details = new Map<string, Promise<Details>>();
  const pins = new Map<string, boolean>();
  const stateListeners: ((changed: ReadonlySet<StateKey>) => void)[] = [];
  const [docListeners, trendListeners, judgedListeners] = [[], [], []] as (() => void)[][] as [(() => void)[], (() => void)[], (() => void)[]];
  const tell = (listeners: readonly (() => void)[]): void => { for (const listener of listeners) listener(); };
  const save = debounce(150, () => host.writeState(state));

  const update = (patch: Partial<PanelState>): void => {
    const changed = new Set((Object.keys(patch) as StateKey[]).filter((key) => !Object.is(state[key], patch[key])));
    if (changed.size === 0) return;
    state = { ...state, ...patch };
    save();
    if (changed.has('metric')) askTrend();
    for (const listener of stateListeners) listener(changed);
  };
  const metric = (): string => state.metric || (doc?.main.metric ?? '');
  /** Without a trend the table is whole: what fails here is only missing. */
  function askTrend(): void {
    const of = doc?.id;
    if (!of) return;
    const wanted = metric();
    host.ask('evaluations.trend', { evaluation: of, metric: wanted }).then((found) => {
      if (doc?.id !== of || wanted !== metric()) return;
      trend = found;
      tell(trendListeners);
    }, () => {
      if (doc?.id !== of || wanted !== metric()) return;
      trend = null;
      tell(trendListeners);
    });
  }
  return {
    host, update, metric,
    doc() {
      if (!doc) throw new Error('no evaluation is shown yet');
      return doc;
    },
    loaded: () => doc !== null,
    trend: () => trend,
    state: () => state,
    onState: (listener) => void stateListeners.push(listener),
    onDoc: (listener) => void docListeners.push(listener),
    onTrend: (listener) => void trendListeners.push(listener),
    judged(example, pinned) {
      pins.set(example, pinned);
      tell(judgedListeners);
    },
    isPinned: (row) => pins.get(row.id) ?? row.pinned,
    onJudged: (listener) => void judgedListeners.push(listener),
    slice: () => doc?.slices.find((slice) => slice.name === state.slice) ?? null,
    async open(evaluation) {
      const mine = (asked += 1);
      const found = await host.ask('evaluations.get', { evaluation });
      if (mine !== asked) return;
      if (doc?.id !== found.id) trend = null;
      doc = found;
      details.clear();
      state = stateFor(state, found.id, found.slices.map((slice) => slice.name));
      save();
      tell(docListeners);
      askTrend();
    },
    details(selection, { baseline } = { baseline: false }) {
      const key = JSON.stringify([selection, baseline]);
      const known = details.get(key);
      if (known) return known;
      const answer = host.ask('evaluations.details', { evaluation: state.evaluation, selection, ...(baseline ? { baseline } : {}) });
      details.set(key, answer);
      // A failed one is asked for again the next time; who waits for it hears of the failure there.
      answer.catch(() => details.delete(key));
      const oldest = details.size > KEPT ? details.keys().next().value : undefined;
      if (oldest !== undefined) details.delete(oldest);
      return answer;
    },
  };
}
