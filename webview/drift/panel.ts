/** What every part of the drift panel shares: what is watched, its windows, the state that is kept, and what was asked already. */
import type { ColumnDrift, ColumnPicture, DriftDoc, DriftResults } from '../../src/protocol/drift';
import type { Comparison, DriftSource } from '../../src/protocol/drift-panel';
import type { AlertDetail, AlertRow, HistoryPoint, MonitorResult, MonitorRow } from '../../src/protocol/monitoring';
import { debounce } from '../shared/dom';
import { HostError } from '../shared/line';
import type { Host } from './host';
import { defaultOrder, filterRows, heatRows, sortRows, type HeatRow } from './model/heat';
import { keptOf, keptPicture } from './model/kept-picture';
import { readPanelState, stateFor, type Order, type PanelState } from './model/state';
import { marksOf, windowOfDoc, windowsOf, windowsToAsk, type Mark, type ShownWindow } from './model/windows';

export type StateKey = keyof PanelState;
type Examples = DriftResults['drift.examples'];
/** Asked for at first: a window may hold thousands of columns. */
const FIRST = 6;
const MOST_ALERTS = 500;

export interface Panel {
  readonly host: Host;
  state(): Readonly<PanelState>;
  /** Changes the state, keeps it for a reload, and tells who listens which keys changed. */
  update(patch: Partial<PanelState>): void;
  onState(listener: (changed: ReadonlySet<StateKey>) => void): void;
  /** What is shown was read (again): draw anew. */
  onData(listener: () => void): void;
  /** Null: a comparison, or nothing. */
  monitor(): MonitorRow | null;
  monitors(): readonly MonitorRow[];
  comparison(): Comparison | null;
  windows(): readonly ShownWindow[];
  /** whether there may be older windows than those that are shown */
  more(): boolean;
  alerts(): readonly AlertRow[];
  marks(): readonly Mark[];
  order(): Order;
  /** In the order and with the filter of the state. */
  rows(): readonly HeatRow[];
  /** All rows, whatever the filter. */
  allRows(): readonly HeatRow[];
  window(): ShownWindow | null;
  column(): string | null;
  result(): Promise<MonitorResult | null>;
  doc(): Promise<DriftDoc | null>;
  picture(column: string, where: string | null): Promise<ColumnPicture>;
  examples(): Promise<Examples>;
  /** Over the windows that are shown; null: only what is of all columns together. */
  history(column: string | null): Promise<HistoryPoint[]>;
  alert(id: string): Promise<AlertDetail>;
  /** Reads what is to be shown. Rejects where it can't be read; what was shown stays. */
  open(source: DriftSource): Promise<void>;
  /** A comparison's answer came. */
  setDoc(doc: DriftDoc): void;
  refresh(): Promise<void>;
}

export function createPanel(host: Host): Panel {
  let state = readPanelState(host.readState());
  let monitors: MonitorRow[] = [];
  let monitor: MonitorRow | null = null;
  let comparison: Comparison | null = null;
  let compared: DriftDoc | null = null;
  let windows: ShownWindow[] = [];
  let more = false;
  let alerts: AlertRow[] = [];
  let marks: Mark[] = [];
  let all: HeatRow[] = [];
  let shown: HeatRow[] | null = null;
  let asked = 0;
  const known = { results: new Map<string, Promise<MonitorResult>>(), pictures: new Map<string, Promise<ColumnPicture>>(), examples: new Map<string, Promise<Examples>>(), histories: new Map<string, Promise<HistoryPoint[]>>(), alerts: new Map<string, Promise<AlertDetail>>() };
  const stateListeners: ((changed: ReadonlySet<StateKey>) => void)[] = [];
  const dataListeners: (() => void)[] = [];
  const save = debounce(150, () => host.writeState(state));
  /** Asks once for each key; a failed answer is asked for again the next time, and who waits for it hears of the failure there. */
  const once = <V>(among: Map<string, Promise<V>>, key: string, ask: () => Promise<V>): Promise<V> => {
    const before = among.get(key);
    if (before) return before;
    const answer = ask();
    among.set(key, answer);
    answer.catch(() => { if (among.get(key) === answer) among.delete(key); });
    return answer;
  };
  const show = (next: readonly ShownWindow[]): void => {
    windows = [...next];
    all = heatRows(windows);
    shown = null;
  };
  const tell = (): void => { for (const listener of dataListeners) listener(); };
  const order = (): Order => state.order ?? defaultOrder(all);
  const rows = (): HeatRow[] => (shown ??= sortRows(filterRows(all, state.filter, state.drifted), order(), windows));
  const window = (): ShownWindow | null => windows.find(({ id }) => id === state.result) ?? windows.at(-1) ?? null;
  const column = (): string | null => (state.column !== null && all.some(({ name }) => name === state.column) ? state.column : (rows()[0]?.name ?? null));
  const result = async (): Promise<MonitorResult | null> => {
    const one = window();
    return one?.summary ? once(known.results, one.id, () => host.ask('monitors.result', { result: one.id })) : null;
  };
  const resultsOf = async (name: string): Promise<ShownWindow[]> => {
    const wanted = state.windows > 0 ? state.windows : FIRST;
    const first = await host.ask('monitors.results', { monitor: name, limit: wanted });
    const fits = state.windows > 0 ? wanted : windowsToAsk(Math.max(0, ...first.results.map((one) => Object.keys(one.columns).length)));
    const { results } = first.results.length < wanted || fits <= wanted ? first : await host.ask('monitors.results', { monitor: name, limit: fits });
    more = results.length >= Math.max(fits, wanted);
    return windowsOf(results);
  };
  /** What may be missing without taking the rest along. */
  const orElse = <T>(empty: T, answer: Promise<T>): Promise<T> => answer.catch(() => empty);
  const movesOf = async (name: string | null): Promise<Mark[]> => {
    const [model, environment] = (name ?? '').split('@');
    if (!model || !environment) return [];
    return marksOf((await orElse({ rows: [] }, host.ask('registry.history', { model, environment }))).rows, environment);
  };
  const open = async (source: DriftSource): Promise<void> => {
    const mine = (asked += 1);
    const listed = 'comparison' in source ? { monitors: [] } : await host.ask('monitors.list', {});
    const found = 'monitor' in source ? (listed.monitors.find(({ name }) => name === source.monitor) ?? null) : null;
    const [next, told, moved] = found === null ? [[], [], []] : await Promise.all([resultsOf(found.name), orElse({ alerts: [] }, host.ask('alerts.list', { state: 'all', monitor: found.name, limit: MOST_ALERTS })).then((answer) => answer.alerts), movesOf(found.model)]);
    if (mine !== asked) return;
    monitors = listed.monitors;
    monitor = found;
    comparison = 'comparison' in source ? source.comparison : null;
    if (comparison === null || JSON.stringify(state.source) !== JSON.stringify(source)) compared = null;
    [alerts, marks] = [told, moved];
    for (const one of Object.values(known)) one.clear();
    state = stateFor(state, source);
    show(compared ? [windowOfDoc(compared)] : next);
    save();
    tell();
  };
  const doc = async (): Promise<DriftDoc | null> => compared ?? (await result())?.drift ?? null;
  return {
    host, open, order, rows, window, column, result,
    state: () => state,
    update(patch) {
      const changed = new Set((Object.keys(patch) as StateKey[]).filter((key) => !Object.is(state[key], patch[key])));
      if (changed.size === 0) return;
      state = { ...state, ...patch };
      if (['order', 'filter', 'drifted'].some((key) => changed.has(key as StateKey))) shown = null;
      save();
      for (const listener of stateListeners) listener(changed);
    },
    onState: (listener) => void stateListeners.push(listener),
    onData: (listener) => void dataListeners.push(listener),
    monitor: () => monitor, monitors: () => monitors, comparison: () => comparison,
    windows: () => windows, more: () => more, alerts: () => alerts, marks: () => marks, allRows: () => all,
    doc,
    picture(name, where) {
      const one = window();
      const within = where === null ? {} : { where };
      return once(known.pictures, JSON.stringify([one?.id, name, where]), async () => {
        try {
          if (comparison) return await host.ask('drift.column', { reference: comparison.reference, current: comparison.current, column: name, categorical: all.find((row) => row.name === name)?.type === 'categorical', ...within });
          return await host.ask('monitors.column', { result: one?.id ?? '', column: name, ...within });
        } catch (error) {
          // What a model said, and labels that came later, need not be a column of the data.
          const kept = error instanceof HostError && error.code === 'not_found' ? keptOf(await doc(), name) : undefined;
          if (!kept) throw error;
          return ofAllRows(kept, where);
        }
      });
    },
    examples() {
      const one = window();
      return once(known.examples, one?.id ?? '', () => (comparison ? host.ask('drift.examples', { reference: comparison.reference, current: comparison.current }) : host.ask('monitors.examples', { result: one?.id ?? '' })));
    },
    async history(name) {
      if (!monitor || windows.length === 0) return [];
      const { name: of } = monitor;
      const points = await once(known.histories, JSON.stringify(name), () => host.ask('monitors.history', { monitor: of, limit: windows.length, ...(name === null ? {} : { column: name }) }).then((answer) => answer.points));
      const ids = new Set(windows.map(({ id }) => id));
      return points.filter(({ result: id }) => ids.has(id));
    },
    alert: (id) => once(known.alerts, id, () => host.ask('alerts.get', { alert: id })),
    setDoc(doc) {
      compared = doc;
      for (const one of Object.values(known)) one.clear();
      show([windowOfDoc(doc)]);
      tell();
    },
    refresh: () => open(state.source),
  };
}

function ofAllRows(kept: ColumnDrift, where: string | null): ColumnPicture {
  if (where !== null) throw new HostError('unsupported', `what is kept of ${kept.name} is of all rows, not of a slice's`, 'choose all rows');
  return keptPicture(kept);
}
