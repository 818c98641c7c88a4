/** What every part of the registry panel shares: the model, its history, the state that is kept, and what was asked already. */
import type { EvaluationDoc } from '../../src/protocol/evaluation/result';
import type { GateReport, HistoryRow, ModelDetail, VersionDetail } from '../../src/protocol/registry';
import { debounce } from '../shared/dom';
import type { Host } from './host';
import { liveIn, looked, type Looked } from './model/pipeline';
import type { MoveKind } from './model/plan';
import { readPanelState, stateFor, type PanelState } from './model/state';

export type StateKey = keyof PanelState;
/** Entries of the ledger that are asked for; a model has some dozens a release. */
const HISTORY_LIMIT = 10_000;

/** `version` null: back to the one that was live before. */
export interface MoveWanted { kind: MoveKind; version: number | null; environment: string }

export interface Panel {
  readonly host: Host;
  /** There is one once the panel's parts are made. */
  detail(): ModelDetail;
  loaded(): boolean;
  /** Oldest first; empty until it came. */
  history(): readonly HistoryRow[];
  /** Why the history isn't there; null where it is, undefined while it is on its way. */
  historyFault(): unknown;
  state(): Readonly<PanelState>;
  /** Changes the state, keeps it for a reload, and tells who listens which keys changed. */
  update(patch: Partial<PanelState>): void;
  onState(listener: (changed: ReadonlySet<StateKey>) => void): void;
  /** The model or its history was read (again): draw anew. */
  onData(listener: () => void): void;
  /** The candidate and where it would go. */
  looked(): Looked;
  live(): number | null;
  version(version: number): Promise<VersionDetail>;
  evaluation(id: string): Promise<EvaluationDoc>;
  /** What the gates answered in this page. */
  report(version: number, environment: string): GateReport | null;
  keep(report: GateReport): void;
  onReport(listener: () => void): void;
  /** Opens the confirmation of a move. */
  wantMove(wanted: MoveWanted): void;
  onMove(listener: (wanted: MoveWanted) => void): void;
  /** Reads a model and shows it. Rejects where it can't be read; what was shown stays. */
  open(model: string): Promise<void>;
  refresh(): Promise<void>;
}

export function createPanel(host: Host): Panel {
  let state = readPanelState(host.readState());
  let detail: ModelDetail | null = null;
  let history: HistoryRow[] = [];
  let fault: unknown;
  let asked = 0;
  const versions = new Map<number, Promise<VersionDetail>>();
  const docs = new Map<string, Promise<EvaluationDoc>>();
  const reports = new Map<string, GateReport>();
  const stateListeners: ((changed: ReadonlySet<StateKey>) => void)[] = [];
  const moveListeners: ((wanted: MoveWanted) => void)[] = [];
  const dataListeners: (() => void)[] = [];
  const reportListeners: (() => void)[] = [];
  const tell = (listeners: readonly (() => void)[]): void => { for (const listener of listeners) listener(); };
  const save = debounce(150, () => host.writeState(state));
  const keyOf = (version: number, environment: string): string => JSON.stringify([version, environment]);
  const there = (): ModelDetail => {
    if (!detail) throw new Error('no model is shown yet');
    return detail;
  };
  /** Asks once for each key; a failed answer is asked for again the next time, and who waits for it hears of the failure there. */
  const once = <K, V>(known: Map<K, Promise<V>>, key: K, ask: () => Promise<V>): Promise<V> => {
    const before = known.get(key);
    if (before) return before;
    const answer = ask();
    known.set(key, answer);
    answer.catch(() => { if (known.get(key) === answer) known.delete(key); });
    return answer;
  };
  const readHistory = (model: string, mine: number): void => {
    host.ask('registry.history', { model, limit: HISTORY_LIMIT }).then(({ rows }) => {
      if (mine !== asked) return;
      history = rows;
      fault = null;
      if (detail) tell(dataListeners);
    }, (error: unknown) => {
      if (mine !== asked) return;
      fault = error;
      if (detail) tell(dataListeners);
    });
  };
  const open = async (model: string): Promise<void> => {
    const mine = (asked += 1);
    readHistory(model, mine);
    const found = await host.ask('registry.model', { model });
    if (mine !== asked) return;
    if (detail?.model.name !== found.model.name) {
      reports.clear();
      docs.clear();
      if (detail) {
        history = [];
        fault = undefined;
      }
    }
    detail = found;
    versions.clear();
    state = stateFor(state, found.model.name);
    save();
    tell(dataListeners);
  };
  return {
    host, open,
    detail: there,
    loaded: () => detail !== null,
    history: () => history,
    historyFault: () => fault,
    state: () => state,
    update(patch) {
      const changed = new Set((Object.keys(patch) as StateKey[]).filter((key) => !Object.is(state[key], patch[key])));
      if (changed.size === 0) return;
      state = { ...state, ...patch };
      save();
      for (const listener of stateListeners) listener(changed);
    },
    onState: (listener) => void stateListeners.push(listener),
    onData: (listener) => void dataListeners.push(listener),
    looked: () => looked(there(), state),
    live: () => liveIn(there(), looked(there(), state).environment),
    version: (version) => once(versions, version, () => host.ask('registry.version', { model: there().model.name, version })),
    evaluation: (id) => once(docs, id, () => host.ask('evaluations.get', { evaluation: id })),
    report: (version, environment) => reports.get(keyOf(version, environment)) ?? null,
    keep(report) {
      reports.set(keyOf(report.version, report.environment), report);
      tell(reportListeners);
    },
    onReport: (listener) => void reportListeners.push(listener),
    wantMove: (wanted) => { for (const listener of moveListeners) listener(wanted); },
    onMove: (listener) => void moveListeners.push(listener),
    refresh: () => open(there().model.name),
  };
}
