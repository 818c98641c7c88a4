/** A monitor that a panel asks about, made up but consistent: its figures are those of the measures themselves, over windows in which some columns drift. */
import { categoricalFigures, numericFigures } from '../../../src/core/monitoring/drift/figures';
import { categoricalPicture, numericPicture } from '../../../src/core/monitoring/drift/picture';
import type { MeasuredColumn } from '../../../src/core/monitoring/drift/figures';
import { judgeColumns } from '../../../src/core/monitoring/drift/report';
import { countCategories } from '../../../src/core/monitoring/measures/categories';
import { sampleOf } from '../../../src/core/monitoring/measures/sample';
import { driftRequest, type ColumnDrift, type DriftDoc } from '../../../src/protocol/drift';
import { cellOf, everyColumn } from '../../../src/protocol/drift-measures';
import type { AlertDetail, AlertRow, HistoryPoint, MonitorResult, MonitorRow, ResultSummary } from '../../../src/protocol/monitoring';
import type { PerformanceFigure } from '../../../src/protocol/performance';
import { normal, random } from '../random';
import { fakeHost, type FakeHost } from './fake-host';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 2);

export interface FakeDriftOptions {
  windows?: number;
  /** more columns that don't drift */
  more?: number;
  name?: string;
  /** nothing in runyard.yaml */
  none?: boolean;
  /** a monitor that never ran */
  fresh?: boolean;
  rows?: number;
}

type Values = { kind: 'numeric'; values: Float64Array } | { kind: 'categorical'; values: (string | null)[] };
const BRANCHES = ['north', 'south', 'east', 'west'];
/** Values of a column in a window; -1 is the reference. From window 6 on incomes rise, from 8 on there is a new branch, from 9 on tenure is missing more often. */
function valuesOf(column: string, window: number, rows: number): Values {
  const draw = random([...`${column} ${window}`].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7));
  const after = (from: number): number => Math.max(0, window - from + 1);
  const numbers = (make: () => number): Values => ({ kind: 'numeric', values: Float64Array.from({ length: rows }, make) });
  switch (column) {
    case 'income': return numbers(() => Math.round(38_000 + 9000 * normal(draw) + 2600 * after(6)));
    case 'branch': return { kind: 'categorical', values: Array.from({ length: rows }, () => (draw() < 0.03 * after(8) ? 'online' : (BRANCHES[Math.floor(draw() * 4)] ?? 'north'))) };
    case 'driver_tenure': return numbers(() => (draw() < 0.02 + 0.05 * after(9) ? NaN : 4 + 1.5 * normal(draw)));
    case 'loan_length': return numbers(() => 12 + Math.floor(draw() * 48));
    case 'score': return numbers(() => 1 / (1 + Math.exp(-(0.4 + normal(draw) + 0.18 * after(6)))));
    case 'salary_range': return { kind: 'categorical', values: Array.from({ length: rows }, () => ['0 - 20K \u20ac', '20K - 40K \u20ac', '40K - 60K \u20ac', '60K+ \u20ac'][Math.floor(draw() * 4)] ?? '') };
    default: return numbers(() => normal(draw));
  }
}
const measuredOf = (before: Values, after: Values): MeasuredColumn['measured'] => (before.kind === 'numeric' && after.kind === 'numeric' ? numericFigures(sampleOf(before.values), sampleOf(after.values)) : categoricalFigures(countCategories(before.values as string[], after.values as string[])));

const BASE = ['income', 'branch', 'driver_tenure', 'loan_length', 'salary_range', 'debt_to_income_ratio', 'a_very_long_column_name_that_somebody_generated_from_the_names_of_all_the_tables_it_was_joined_from'];
const IMPORTANCE: Record<string, number> = { income: 0.38, branch: 0.22, driver_tenure: 0.12, loan_length: 0.11, salary_range: 0.1 };
const SOME = 8;
const IDS = (at: number): string => `result${String(at).padStart(26, '0')}`;

export function fakeDrift(options: FakeDriftOptions = {}): FakeHost {
  const { windows: count = 12, more = 0, name = 'car-loan-production', none = false, fresh = false, rows = 1200 } = options;
  const names = [...BASE, ...Array.from({ length: Math.min(more, SOME) }, (_, at) => `feature_${at}`)];
  const docs = new Map<number, DriftDoc>();
  /** A window of few rows is one that nobody can tell of. */
  const rowsOf = (at: number): number => (at === 3 ? 14 : rows);
  const bounds = (at: number): { from: number; to: number; rows: number } => ({ from: START + at * DAY, to: START + (at + 1) * DAY, rows: rowsOf(at) });
  const docOf = (at: number): DriftDoc => {
    const known = docs.get(at);
    if (known) return known;
    const request = driftRequest.parse({ reference: { files: ['reference.parquet'] }, current: { files: ['log/*.parquet'] }, multivariate: true, slices: [{ name: 'young-north', where: "age < 30 AND branch = 'north'" }, { name: 'high-income', where: 'income > 60000' }] });
    const measured = [...names.map((column): MeasuredColumn => ({ name: column, role: 'input', measured: measuredOf(valuesOf(column, -1, 3 * rows), valuesOf(column, at, rowsOf(at))) })), { name: 'score', role: 'prediction' as const, measured: measuredOf(valuesOf('score', -1, 3 * rows), valuesOf('score', at, rowsOf(at))) }];
    const judged = judgeColumns(measured, request);
    for (const column of Object.values(judged.columns)) {
      column.importance = IMPORTANCE[column.name] ?? 0.01;
      column.harm = column.outcome === 'cannot tell' ? null : column.importance * Math.max(0, ...column.tests.map(({ effect, limit }) => (effect ?? 0) / limit));
    }
    // Thousands of them are some, over and over.
    for (let n = SOME; n < more; n += 1) judged.columns[`feature_${n}`] = { ...(judged.columns[`feature_${n % SOME}`] as ColumnDrift), name: `feature_${n}` };
    const drifting = at >= 6;
    const doc: DriftDoc = {
      version: 1, created: START + (at + 1) * DAY, duration: 0.4, request, ...judged, schema: at >= 10 ? [{ column: 'region', change: 'gone', text: 'region is gone: the reference has it' }] : [], leftOut: [{ column: 'notes', why: 'it has more than 50,000 different values: names of things, no groups' }],
      reference: { files: ['reference.parquet'], rows: 3 * rows, digest: 'aa', bytes: 1e6 }, current: { files: ['log/*.parquet'], rows: rowsOf(at), digest: 'bb', bytes: 1e5 },
      multivariate: at === 3 ? [] : [
        { measure: 'pca_reconstruction', value: 1.02 + 0.004 * at, reference: 1.03, lower: 0.98, upper: 1.12, p: null, outcome: 'pass', reason: '', columns: [] },
        { measure: 'domain_auc', value: drifting ? 0.62 + 0.02 * (at - 6) : 0.503, reference: 0.5, lower: null, upper: 0.55, p: drifting ? 0.0001 : 0.4, outcome: drifting ? 'fail' : 'pass', reason: drifting ? 'a classifier tells the sides apart, AUC above 0.55' : '', columns: [{ name: 'income', share: 0.62 }, { name: 'branch', share: 0.21 }, { name: 'driver_tenure', share: 0.09 }] },
      ],
      slices: at === 3 ? [] : [{ name: 'high-income', reference: { rows: 120, share: 0.033 }, current: { rows: drifting ? 260 : 42, share: drifting ? 0.216 : 0.035 }, p_bh: drifting ? 1e-9 : 0.7, drifted: drifting ? [{ column: 'income', effect: 0.61, limit: 0.1 }] : [], harm: drifting ? 1.4 : 0.02, outcome: drifting ? 'fail' : 'pass' },
        { name: 'young-north', reference: { rows: 300, share: 0.083 }, current: { rows: 96, share: 0.08 }, p_bh: 0.8, drifted: [], harm: 0.01, outcome: 'cannot tell' }],
    };
    docs.set(at, doc);
    return doc;
  };
  const figure = (metric: string, at: number, base: number): PerformanceFigure => {
    const estimated = base - 0.012 * Math.max(0, at - 5);
    const realised = at < count - 3 ? base + 0.004 * Math.sin(at) - 0.014 * Math.max(0, at - 5) : null;
    return { metric, goal: 'maximize', estimated, estimatedInterval: [estimated - 0.018, estimated + 0.018], realised, realisedInterval: realised === null ? null : [realised - 0.025, realised + 0.025], realisedRows: realised === null ? 0 : Math.round(rowsOf(at) * 0.6), reference: base, lower: base - 0.04, upper: base + 0.04, why: realised === null ? 'no label came yet' : '' };
  };
  const figuresOf = (at: number): Record<string, PerformanceFigure> => (at === 3 ? {} : { roc_auc: figure('roc_auc', at, 0.87), accuracy: figure('accuracy', at, 0.81) });
  const summaries = new Map<number, ResultSummary>();
  const summaryOf = (at: number): ResultSummary => {
    const known = summaries.get(at) ?? newSummary(at);
    summaries.set(at, known);
    return known;
  };
  const newSummary = (at: number): ResultSummary => {
    const doc = docOf(at);
    return {
      id: IDS(at), monitor: name, created: START + (at + 1) * DAY + 60_000, window: bounds(at), outcome: doc.outcome, reasons: doc.reasons.slice(0, 5), columns: Object.fromEntries(everyColumn(doc).map((one) => [one.name, cellOf(one)])), figures: figuresOf(at), alerts: at >= 6 ? ['alert-income'] : [], versions: at < 4 ? [2] : [3],
      checks: Object.values(doc.columns).filter((column, n) => n < 20 || column.outcome === 'fail').map((column) => ({ key: `drift:${column.name}`, check: 'drift', subject: column.name, severity: 'warning', outcome: column.outcome, value: cellOf(column).psi, low: null, high: null, threshold: 0.1, reason: column.reason, at: 0 })),
    };
  };
  const atOf = (result: unknown): number => Number(String(result).slice(6));
  const alert: AlertRow = { id: 'alert-income', monitor: name, key: 'drift:income', check: 'drift', subject: 'income', model: 'car-loan@production', severity: 'warning', state: 'open', text: 'income drifted: distribution, PSI 0.31 above noise', opened: START + 7 * DAY, updated: START + count * DAY, windows: Math.max(1, count - 6), result: IDS(count - 1), snoozedUntil: null, resolved: null, version: 3, onCall: 'Ana Lima', incident: null };
  const events: AlertDetail['events'] = [{ t: alert.opened, what: 'opened', by: null, text: 'in the window of 8 Nov' }, { t: alert.updated, what: 'held', by: null, text: `in ${alert.windows} windows` }];
  const runbook = '## Income\n\n1. Ask the branch office whether they **changed the form**.\n2. Run `runyard monitor run` for the day before.\n\n- If young-north is hit, roll back at once.';
  const monitor = (): MonitorRow => ({ name, model: 'car-loan@production', line: 12, schedule: 'every day', window: 86_400, cadence: 'week', severity: 'warning', checks: ['drift', 'estimated roc_auc'], runbook, last: fresh ? null : summaryOf(count - 1), next: START + (count + 1) * DAY, running: false, problem: null, open: alert.state === 'resolved' ? 0 : 1 });
  const results = (limit: number): ResultSummary[] => (fresh ? [] : Array.from({ length: count }, (_, at) => summaryOf(at)).reverse().slice(0, limit));
  const brief = (column: ColumnDrift | undefined): ColumnDrift | null => column ?? null;
  const picture = (column: string, at: number): unknown => {
    const [before, after] = [valuesOf(column, -1, 3 * rows), valuesOf(column, at, rowsOf(at))];
    if (before.kind === 'numeric' && after.kind === 'numeric') return numericPicture(column, { reference: sampleOf(before.values), current: sampleOf(after.values) }, 40);
    return categoricalPicture(column, countCategories(before.values as string[], after.values as string[]));
  };
  const examples = (): unknown => ({ columns: ['income', 'branch', 'driver_tenure', 'loan_length'], rows: Array.from({ length: 30 }, (_, at) => ({ row: at * 7, why: at % 2 === 0 ? ['branch: online is new'] : ['income: 93,120 is above the reference\u2019s range'], cells: { income: 41_000 + at * 310, branch: at % 2 === 0 ? 'online' : 'north', driver_tenure: at % 5 === 0 ? null : 3.2 + at / 10, loan_length: 24 }, score: 0.99 - at / 100 })) });
  const replies: Record<string, (params: Record<string, unknown>) => unknown> = {
    'monitors.list': () => ({ monitors: none ? [] : [monitor()], open: 1, onCall: 'Ana Lima' }),
    'monitors.results': ({ limit }) => ({ results: results(Number(limit)) }),
    'monitors.result': ({ result }): MonitorResult => ({ format: 1, id: String(result), monitor: name, model: 'car-loan@production', created: START, duration: 1.2, window: bounds(atOf(result)), reference: { text: 'the same weekdays of the four weeks before', rows: 3 * rows, from: null, to: null }, outcome: docOf(atOf(result)).outcome, reasons: docOf(atOf(result)).reasons, checks: summaryOf(atOf(result)).checks, drift: docOf(atOf(result)), versions: [{ version: 3, rows: rowsOf(atOf(result)), role: 'live' }], latency: 4.2, rules: [{ rule: 'no-income', rows: 3 }], performance: { task: 'binary', classes: ['0', '1'], method: 'cbpe', fit: { ece_before: 0.031, ece_after: 0.012 }, referenceRows: 3 * rows, outcome: 'pass', notes: [], windows: [{ ...bounds(atOf(result)), figures: figuresOf(atOf(result)), slices: { 'young-north': { n: 96, figures: figuresOf(atOf(result)) } } }] } }),
    'monitors.history': ({ column, limit }) => ({ points: results(Number(limit)).reverse().map((one): HistoryPoint => { const doc = docOf(atOf(one.id)); return { result: one.id, window: one.window, drift: brief(everyColumn(doc).find((own) => own.name === column)), multivariate: doc.multivariate ?? [] }; }) }),
    'monitors.column': ({ result, column }) => picture(String(column), atOf(result)), 'drift.column': ({ column }) => picture(String(column), count - 1),
    'monitors.examples': examples, 'drift.examples': examples,
    'alerts.list': () => ({ alerts: none || fresh ? [] : [alert] }),
    'alerts.get': (): AlertDetail => ({ row: alert, runbook, events, results: [], line: 12, slices: [{ name: 'high-income', text: '3.3 % of the rows then, 21.6 % now' }] }),
    'alerts.act': ({ action, reason, until }) => {
      alert.state = ({ acknowledge: 'acknowledged', snooze: 'snoozed', resolve: 'resolved', reopen: 'open' } as const)[String(action) as 'snooze'];
      alert.snoozedUntil = typeof until === 'number' ? until : null;
      events.push({ t: Date.now(), what: action === 'reopen' ? 'reopened' : (alert.state as 'resolved'), by: { name: 'Ana Lima', email: '' }, text: String(reason) });
      return alert;
    },
    'alerts.incident': ({ when = '', what = '', cause = '', action = '' }) => {
      alert.incident = { when: String(when), what: String(what), cause: String(cause), action: String(action), by: { name: 'Ana Lima', email: '' }, t: Date.now() };
      return alert;
    },
    'registry.history': () => ({ rows: [[4, 3, 'promoted'], [8, 2, 'rolledBack'], [9, 3, 'promoted']].map(([day, version, kind], n) => ({ hash: `h${n}`, clone: 'c', n, t: START + Number(day) * DAY + 9 * 3_600_000, by: { name: 'Bo Chen', email: '' }, kind, model: 'car-loan', version, environment: 'production', text: `version ${version} ${kind === 'promoted' ? 'promoted to' : 'is live again in'} production`, forced: false, facts: {} })) }),
    'host.compare': () => docOf(count - 1),
    'host.runMonitor': () => ({ results: [summaryOf(count - 1)], opened: [], resolved: [], outcome: 'fail', failed: [] }),
    'host.saveFile': () => ({ saved: true }),
    'host.writeExample': () => ({ monitor: null }),
    'drift.cancel': () => ({ stopped: true }), 'monitors.cancel': () => ({ stopped: true }),
  };
  return fakeHost({ source: none ? { none: true } : { monitor: name } }, (method, params) => replies[method]?.(params) ?? {});
}
