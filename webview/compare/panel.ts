/** What every part of the compare panel shares: the state that is kept, the runs, and who is highlighted. */
import type { ChangedEvent } from '../../src/protocol/engine';
import type { Goal, RunRow } from '../../src/protocol/model';
import { seriesNumbers, seriesStyle, type SeriesStyle } from '../shared/colors';
import { debounce } from '../shared/dom';
import type { Host } from './host';
import { orderBy } from './model/columns';
import { readPanelState, type PanelState } from './model/state';
import { createRuns, type Runs } from './runs';

export type StateKey = keyof PanelState;
export interface Keys { params: string[]; metrics: string[]; tags: string[] }

/** How many runs are drawn where none are selected. */
export const DRAWN = 10;
/** How many are drawn at most: more lines aren't told apart. */
const DRAWN_MAX = 50;

export interface Panel {
  readonly host: Host;
  readonly runs: Runs;
  state(): Readonly<PanelState>;
  /** Changes the state, keeps it for a reload, and tells who listens which keys changed. */
  update(patch: Partial<PanelState>): void;
  /** Asks for the runs for the first time. */
  start(): void;
  onState(listener: (changed: ReadonlySet<StateKey>) => void): void;
  keys(): Keys;
  mainMetric(): string | null;
  goal(metric: string): Goal | null;
  /** The runs whose curves are drawn: those selected, else the first of the table. */
  drawn(): string[];
  /** How a drawn run looks everywhere; undefined where it isn't drawn. */
  style(run: string): SeriesStyle | undefined;
  baseline(): RunRow | undefined;
  /** Makes a run the baseline and pins it in the store, or takes both back with null. Settles when the store has it. */
  pin(run: string | null): Promise<void>;
  highlight(run: string | null): void;
  highlighted(): string | null;
  onHighlight(listener: (run: string | null) => void): void;
  onChanged(listener: (event: ChangedEvent) => void): void;
  /** Brings a run's line of the table into view; set by the table. */
  reveal: (run: string) => void;
  /** Asks again for the keys and settings: on start, and when experiments or the configuration changed. */
  loadKeys(): Promise<void>;
}

export function createPanel(host: Host): Panel {
  let state = readPanelState(host.readState());
  let keys: Keys = { params: [], metrics: [], tags: [] };
  let goals: Record<string, Goal> = {};
  let main: string | null = null;
  let highlighted: string | null = null;
  const runs = createRuns(host);
  const numbers = seriesNumbers();
  const stateListeners: ((changed: ReadonlySet<StateKey>) => void)[] = [];
  const highlightListeners: ((run: string | null) => void)[] = [];
  const changeListeners: ((event: ChangedEvent) => void)[] = [];
  const save = debounce(150, () => host.writeState(state));

  const search = (): void => runs.setQuery({
    ids: state.source.runs ?? null, within: state.brushed, experiments: state.source.experiments ?? null,
    filter: [state.source.filter, state.filter].filter(Boolean).join(' and '), orderBy: orderBy(state.sort),
  });
  const drawn = (): string[] => {
    const chosen = state.selected.length > 0 ? state.selected.slice(0, DRAWN_MAX) : runs.loaded().slice(0, DRAWN).map((row) => row.id);
    numbers.assign(chosen);
    return chosen;
  };
  const update = (patch: Partial<PanelState>): void => {
    const changed = new Set((Object.keys(patch) as StateKey[]).filter((key) => !Object.is(state[key], patch[key])));
    if (changed.size === 0) return;
    state = { ...state, ...patch };
    save();
    if (['source', 'filter', 'sort', 'brushed'].some((key) => changed.has(key as StateKey))) search();
    for (const listener of stateListeners) listener(changed);
  };
  const baseline = (): RunRow | undefined => {
    if (state.baseline === '') return undefined;
    return state.baseline === null ? runs.loaded().find((row) => row.pinned) : runs.byId(state.baseline);
  };
  const panel: Panel = {
    host, runs, update, drawn, baseline,
    state: () => state,
    start: search,
    onState: (listener) => void stateListeners.push(listener),
    keys: () => keys,
    mainMetric: () => main ?? keys.metrics[0] ?? null,
    goal: (metric) => goals[metric] ?? null,
    style(run) {
      const number = drawn().includes(run) ? numbers.of(run) : undefined;
      return number === undefined ? undefined : seriesStyle(number);
    },
    async pin(run) {
      const before = baseline();
      update({ baseline: run ?? '' });
      const next = run === null ? undefined : runs.byId(run);
      // One pinned run an experiment is what the editor's lenses compare with; other experiments' pins stay.
      if (before?.pinned && (!next || before.experiment === next.experiment)) await host.ask('host.setPin', { run: before.id, pinned: false });
      if (run !== null) await host.ask('host.setPin', { run, pinned: true });
    },
    highlight(run) {
      if (run === highlighted) return;
      highlighted = run;
      for (const listener of highlightListeners) listener(run);
    },
    highlighted: () => highlighted,
    onHighlight: (listener) => void highlightListeners.push(listener),
    onChanged: (listener) => void changeListeners.push(listener),
    reveal: () => undefined,
    async loadKeys() {
      const [found, config] = await Promise.all([
        host.ask('runs.keys', state.source.experiments ? { experiments: state.source.experiments } : {}), host.ask('config.get', {}),
      ]);
      keys = found;
      goals = config.goals;
      main = config.mainMetric;
    },
  };
  host.on('changed', ({ event }) => { for (const listener of changeListeners) listener(event); });
  return panel;
}
