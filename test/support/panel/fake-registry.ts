/** A registry that a panel asks about, made up but consistent: what is promoted here is live afterwards, and stands in its history. */
import { createHash } from 'node:crypto';
import type { EvaluationSummary } from '../../../src/protocol/evaluation/result';
import type { Approval, Comment, ConflictRow, GateReport, GateResult, HistoryRow, LiveRow, ModelDetail, Plan, Promotion, Rollback, VersionDetail, VersionRow } from '../../../src/protocol/registry';
import { fakeEvaluation } from './fake-evaluation';
import { fakeHost, FakeRefusal, type FakeHost } from './fake-host';

const ANA = { name: 'Ana Lima', email: 'ana@example.org' };
const BO = { name: 'Bo Chen', email: 'bo@example.org' };
const HOUR = 3_600_000;
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface FakeOptions {
  /** 4 unless told; version 3 is live in production, 4 in staging; none: nothing is live either */
  versions?: number;
  name?: string;
  environments?: string[];
  /** without, no version is evaluated */
  evaluated?: boolean;
  slices?: number;
  /** nothing is live anywhere */
  nothingLive?: boolean;
  conflicts?: ConflictRow[];
  /** more entries of the ledger, so many */
  entries?: number;
}

export function fakeRegistry(options: FakeOptions = {}): FakeHost {
  const { versions: count = 4, name = 'car-loan', environments = ['staging', 'production'], evaluated = true, nothingLive = count === 0, entries = 0 } = options;
  const now = Date.now();
  const start = now - 60 * 24 * HOUR;
  const history: HistoryRow[] = [];
  const approvals: (Approval & { version: number })[] = [];
  const comments: Comment[] = [];
  const evaluation = fakeEvaluation(1500, options.slices ?? 12);
  const digestOf = (version: number): string => sha(`${name} ${version}`);
  const last = environments.at(-1) ?? 'production';
  const candidate = count;
  const liveVersion = Math.max(1, count - 1);
  // The evaluation is of the newest version against what is live.
  evaluation.doc.model = { ...evaluation.doc.model, name: `${name}/${candidate}`, digest: digestOf(candidate) };
  evaluation.doc.baseline = { ...evaluation.doc.model, name: `${name}/${liveVersion}`, digest: digestOf(liveVersion) };
  const { doc } = evaluation;
  doc.baselineSlices = Object.fromEntries(doc.slices.flatMap((slice) => (slice.compared ? [[slice.name, { n: slice.figures.n, accuracy: Number(slice.figures['accuracy']) - (slice.compared.verdict.difference ?? 0) }]] : [])));
  const summary = (version: number): EvaluationSummary => ({
    id: version === candidate ? doc.id : sha(`evaluation ${version}`).slice(0, 32), name: 'car-loan', created: start + version * HOUR, model: `${name}/${version}`, modelDigest: digestOf(version), baseline: version === candidate ? `${name}/${liveVersion}` : null,
    data: 'test.csv', dataDigest: doc.data.digest, rows: 1500, task: 'binary', metric: 'accuracy', value: 0.78 + 0.1 * (version / Math.max(4, count)), low: 0.75 + 0.1 * (version / Math.max(4, count)), high: 0.81 + 0.1 * (version / Math.max(4, count)), outcome: version % 3 === 1 ? 'fail' : version % 3 === 2 ? 'cannot tell' : 'pass', slices: 12, failing: 1, run: null, slicesVersion: 'ef01',
  });
  const say = (kind: string, text: string, more: Partial<HistoryRow> = {}): HistoryRow => {
    const n = history.length;
    const row: HistoryRow = { hash: sha(`${name} entry ${n}`), clone: 'c0ffee0123456789', n, t: now, by: ANA, kind, model: name, version: null, environment: null, text, forced: kind === 'forced', facts: {}, ...more };
    history.push(row);
    return row;
  };
  const live = new Map<string, LiveRow>();
  const move = (kind: 'promoted' | 'forced' | 'rolledBack', version: number, environment: string, more: Partial<HistoryRow> = {}): HistoryRow => {
    const row = say(kind, `version ${version} ${kind === 'rolledBack' ? 'is live again' : kind} in ${environment}`, { version, environment, ...more });
    live.set(environment, { environment, version, since: row.t, by: row.by, reason: String(row.facts['reason'] ?? ''), forced: kind === 'forced', whole: true });
    return row;
  };

  for (let version = 1; version <= Math.min(count, 8); version += 1) {
    const at = start + (version - 1) * (56 / Math.min(count, 8)) * 24 * HOUR;
    say('registered', `version ${version} registered from run otter-${version}`, { t: at, version, facts: { digest: digestOf(version) } });
    if (evaluated) say('evaluated', `accuracy ${(0.78 + 0.1 * (version / count)).toFixed(3)} on test.csv`, { t: at + HOUR, version, facts: { evaluation: doc.id, outcome: 'pass' } });
    if (nothingLive) continue;
    const [first] = environments;
    if (first && first !== last) move('promoted', version, first, { t: at + 2 * HOUR, facts: { reason: 'nightly candidate' } });
    if (version >= candidate) continue;
    say('gates', `gates of ${last}: ${version === 2 ? 'fail' : 'pass'}`, { t: at + 26 * HOUR, version, environment: last, facts: { to: last, outcome: version === 2 ? 'fail' : 'pass', gates: [{ kind: 'slices', name: 'slices', outcome: version === 2 ? 'fail' : 'pass', blocks: version === 2, reason: 'slice young-north is worse by 0.08' }], evaluations: [doc.id] } });
    say('approved', `approved for ${last}: "slices looked at"`, { t: at + 30 * HOUR, by: BO, version, environment: last, facts: { comment: 'slices looked at' } });
    move(version === 2 ? 'forced' : 'promoted', version, last, { t: at + 31 * HOUR, facts: { reason: version === 2 ? 'the old one is down, agreed with Bo' : 'better on all slices' } });
    say('hook', `hook reload ${version === 2 ? 'failed' : 'done'}`, { t: at + 31 * HOUR + 4000, version, environment: last, facts: { name: 'reload', outcome: version === 2 ? 'failed' : 'done', status: version === 2 ? 1 : 0, output: 'restarting scorer\nok\n' } });
    if (version === 2) move('rolledBack', 1, last, { t: at + 40 * HOUR, by: BO, facts: { reason: 'complaints from the north', cause: 'person' } });
  }
  for (let at = 0; at < entries; at += 1) say('comment', `note ${at}`, { t: start + (at / entries) * 59 * 24 * HOUR, version: 1 + (at % Math.max(1, count)), facts: { text: `note ${at}` } });
  history.sort((a, b) => a.t - b.t);
  history.forEach((row, n) => { row.n = n; });

  const rowOf = (version: number): VersionRow => ({
    model: name, version, created: start + version * HOUR, author: version % 2 ? ANA : BO, description: version === candidate ? 'trained on spring and summer, class weights on' : '', tags: version % 2 ? { team: 'credit' } : {}, aliases: version === liveVersion ? ['champion'] : [],
    digest: digestOf(version), size: 50_123_456, run: sha(`run ${version}`).slice(0, 32), licence: 'MIT', live: [...live.values()].filter((one) => one.version === version).map((one) => one.environment),
    was: [...new Set(history.filter((row) => row.version === version && ['promoted', 'forced', 'rolledBack'].includes(row.kind)).map((row) => row.environment ?? ''))], here: version !== 1, evaluation: evaluated ? summary(version) : null,
  });
  const rows = (): VersionRow[] => Array.from({ length: count }, (_, at) => rowOf(at + 1));
  const detail = (): ModelDetail => ({
    model: { name, description: 'who gets a car loan', versions: count, latest: count || null, updated: history.at(-1)?.t ?? now, aliases: count > 0 ? { champion: liveVersion } : {}, live: environments.map((environment) => live.get(environment) ?? { environment, version: null, since: null, by: null, reason: '', forced: false, whole: true }),
      waiting: count > 1 && !nothingLive && rowOf(candidate).live.includes(last) === false ? [{ model: name, version: candidate, environment: last, have: approvals.filter((one) => !one.own && one.version === candidate && one.judgement === 'approved').length, need: 2, since: now - HOUR }] : [] },
    versions: rows(), environments: environments.map((environment, at) => ({ name: environment, from: at === 0 ? [null] : [environments[at - 1] ?? null], gates: at === 0 ? [] : ['change', 'slices', 'pinned', 'approval by 2'] })),
    comments: comments.filter((one) => one.on.version === undefined), conflicts: options.conflicts ?? [],
  });
  const versionDetail = (version: number): VersionDetail => ({
    row: rowOf(version),
    facts: {
      digest: sha(`all ${version}`), files: [{ path: 'model.onnx', digest: digestOf(version), size: 50_123_456 }], size: 50_123_456, inputs: [{ name: 'features', type: 'float32', shape: '[N, 4]' }], outputs: [{ name: 'label', type: 'int64', shape: '[N]' }, { name: 'probabilities', type: 'float32', shape: '[N, 2]' }], producer: 'skl2onnx 1.20',
      source: { kind: 'run', text: `run otter-${version}, artifact model.onnx` }, run: sha(`run ${version}`).slice(0, 32), code: { commit: sha(`commit ${version}`).slice(0, 40), dirty: version % 2 === 0, patch: version % 2 === 0 ? sha('patch') : null }, data: [{ name: 'train.csv', digest: sha('train'), rows: 50_000, role: 'training' }], environment: { python: '3.11.7', packages: 84, digest: sha('environment') }, licence: 'MIT', author: version % 2 ? ANA : BO,
    },
    evaluations: evaluated ? [summary(version)] : [], approvals: approvals.filter((one) => one.version === version), comments: comments.filter((one) => one.on.version === version), folder: version === 1 ? null : `.runyard/weights/${sha(`all ${version}`)}`, golden: version < candidate ? { rows: 100, recorded: start } : null, card: null,
  });

  const gate = (kind: GateResult['kind'], outcome: GateResult['outcome'], reason: string, more: Partial<GateResult> = {}): GateResult => ({ kind, name: kind, outcome, blocks: outcome !== 'pass', reason, hint: '', evidence: [], ...more });
  const report = (version: number, environment: string): GateReport => {
    const have = approvals.filter((one) => one.version === version && one.environment === environment && !one.own && one.judgement === 'approved').length;
    const slices = doc.slices.flatMap((slice) => (slice.compared ? [{ text: `${slice.compared.verdict.word} on ${slice.figures.n} rows`, outcome: slice.compared.verdict.word === 'worse' ? 'fail' as const : slice.compared.verdict.word === 'cannot tell' ? 'cannot tell' as const : 'pass' as const, evaluation: doc.id, slice: slice.name, metric: 'accuracy', value: Number(slice.figures['accuracy']), live: 0.8, difference: slice.compared.verdict.difference, interval: slice.compared.verdict.interval, n: slice.figures.n, verdict: slice.compared.verdict }] : []));
    const gates = environment === environments[0] && environments.length > 1 ? [] : [
      gate('change', 'pass', 'accuracy is not worse than what is live', { evidence: [{ text: 'accuracy of all rows', outcome: 'pass', evaluation: doc.id, metric: 'accuracy', value: 0.86, live: 0.84, difference: 0.02, interval: [0.005, 0.035], n: 1500 }] }),
      gate('slices', 'fail', 'slice young-north is worse than what is live by 0.21 (95 % interval 0.09 to 0.33)', { hint: 'look at its rows, or train with more of them', evidence: slices }),
      gate('pinned', 'pass', 'all 12 pinned examples come out right'),
      gate('latency', 'cannot tell', 'no 95th percentile could be measured: the machine is busy', { blocks: false, hint: 'ask again when it is quiet' }),
      gate('approval', have >= 2 ? 'pass' : 'cannot tell', `${have} of 2 people approved it`, { hint: have >= 2 ? '' : 'ask a person other than its author' }),
    ];
    const outcome = gates.some((one) => one.blocks && one.outcome === 'fail') ? 'fail' : gates.some((one) => one.blocks) ? 'cannot tell' : 'pass';
    const found: GateReport = { model: name, version, environment, from: environments[0] ?? null, live: live.get(environment)?.version ?? null, t: Date.now(), outcome, gates, evaluations: [doc.id], duration: 1.2 };
    say('gates', `gates of ${environment}: ${outcome}`, { t: found.t, version, environment, facts: { to: environment, outcome, gates: gates.map(({ kind, name: called, outcome: came, blocks, reason }) => ({ kind, name: called, outcome: came, blocks, reason })), evaluations: [doc.id] } });
    return found;
  };
  const plan = (environment: string, wanted: number | undefined, back: boolean): Plan => {
    const from = live.get(environment) ?? null;
    const before = [...history].reverse().find((row) => row.environment === environment && ['promoted', 'forced', 'rolledBack'].includes(row.kind) && row.version !== from?.version)?.version;
    const to = wanted ?? (back ? before : undefined);
    if (to == null) throw new FakeRefusal('refused', `nothing was live in ${environment} before`, 'promote a version first');
    return {
      model: name, environment, from: from?.version ?? null, to, since: from?.since ?? null, metric: 'accuracy', fromValue: from ? 0.842 : null, toValue: 0.861, hooks: ['reload: systemctl --user restart scorer', 'smoke: python check.py'],
      changes: doc.slices.slice(0, 8).map((slice, at) => ({ slice: slice.name, metric: 'accuracy', from: 0.8, to: 0.8 + (at === 0 ? -0.21 : at / 100), n: slice.figures.n })), files: [{ path: 'model.onnx', digest: digestOf(to), size: 50_123_456 }], folder: `.runyard/models/${name}/${environment}`, refusal: from?.version === to ? `version ${to} is live in ${environment} already` : null,
    };
  };
  const expected = (environment: string, expect: unknown): void => {
    const is = live.get(environment)?.version ?? null;
    if (expect !== undefined && expect !== is) throw new FakeRefusal('conflict', `version ${is ?? 'none'} is live in ${environment} now: Bo Chen promoted it`, 'look at what is live now, then decide');
  };
  const promote = (params: Record<string, unknown>): Promotion => {
    const [version, environment, force] = [Number(params['version']), String(params['to']), params['force'] === true];
    expected(environment, params['expect']);
    const from = live.get(environment)?.version ?? null;
    const found = report(version, environment);
    const stops = found.gates.some((one) => one.blocks);
    if (stops && !force) return { promoted: false, forced: false, from, report: found, hooks: [], rolledBack: false, entry: null, folder: null };
    const row = move(stops ? 'forced' : 'promoted', version, environment, { t: Date.now(), facts: { reason: params['reason'] } });
    return { promoted: true, forced: stops, from, report: found, rolledBack: false, entry: row.hash, folder: `.runyard/models/${name}/${environment}`, hooks: [{ name: 'reload', command: ['systemctl', '--user', 'restart', 'scorer'], outcome: 'done', status: 0, duration: 0.4, output: 'restarted\n', rolledBack: false }] };
  };
  const rollback = (params: Record<string, unknown>): Rollback => {
    const [environment, to] = [String(params['environment']), Number(params['to'])];
    expected(environment, params['expect']);
    const from = live.get(environment)?.version ?? null;
    const row = move('rolledBack', to, environment, { t: Date.now(), facts: { reason: params['reason'], cause: 'person' } });
    return { from, to, entry: row.hash, forced: params['force'] === true, checks: [{ name: 'digest', outcome: 'pass', text: '' }, { name: 'loads', outcome: 'pass', text: '' }, { name: 'golden', outcome: 'pass', text: '100 of 100 rows' }], changes: [], hooks: [], duration: 0.31, folder: `.runyard/models/${name}/${environment}` };
  };
  const approve = (params: Record<string, unknown>): Approval => {
    const approval = { judgement: params['judgement'] === 'rejected' ? 'rejected' as const : 'approved' as const, by: BO, t: Date.now(), comment: String(params['comment']), signed: params['sign'] === true ? true : null, own: false, environment: String(params['to']), version: Number(params['version']) };
    approvals.push(approval);
    say(approval.judgement, `${approval.judgement} for ${approval.environment}: "${approval.comment}"`, { by: BO, t: approval.t, version: approval.version, environment: approval.environment, facts: { comment: approval.comment } });
    return approval;
  };
  const compute = (method: string, params: Record<string, unknown>): unknown => {
    switch (method) {
      case 'registry.model': return detail();
      case 'registry.history': return { rows: history };
      case 'registry.version': return versionDetail(Number(params['version']));
      case 'registry.plan': return plan(String(params['to']), params['version'] as number | undefined, params['rollback'] === true);
      case 'registry.approve': return approve(params);
      case 'registry.comment': {
        const comment: Comment = { id: `c${comments.length}`, by: ANA, t: Date.now(), text: String(params['text']), on: params['on'] as Comment['on'] };
        comments.push(comment);
        return comment;
      }
      case 'registry.verify': return { ok: true, entries: history.length, chains: [{ clone: 'c0ffee0123456789', entries: history.length, ours: true }], faults: [], conflicts: [] };
      case 'evaluations.get': return params['evaluation'] === doc.id ? doc : { ...doc, id: String(params['evaluation']), baseline: null, baselineOverall: null, baselineSlices: {}, overall: { ...doc.overall, compared: null }, slices: doc.slices.map((slice) => ({ ...slice, compared: null })) };
      case 'host.gate': return report(Number(params['version']), String(params['to']));
      case 'host.promote': return promote(params);
      case 'host.rollback': return rollback(params);
      case 'host.saveFile': return { saved: true };
      case 'host.register': return { version: null };
      case 'host.evaluate': return { evaluation: doc.id };
      default: return {};
    }
  };
  return fakeHost({ model: name }, compute);
}
