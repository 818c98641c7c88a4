/** What doors ask of the engine: one table of methods, params parsed with zod at the engine's door, results typed here. */
import * as z from 'zod';
import { dataSpec, discoverSettings, modelSpec, selection, TASKS, thresholds } from './evaluation/request';
import type { Details, DiscoveryDoc, EvaluationDoc, EvaluationProgress, EvaluationSummary, EvaluationTest, Explanation, Importance, Inspection, RowPage, Trend } from './evaluation/result';
import { driftMethods, type DriftResults } from './drift';
import { exportParams, importParams, stopParams, type CopyProgress, type CopyReport } from './exchange';
import { monitoringMethods, type MonitoringEvents, type MonitoringResults } from './monitoring';
import { registryMethods, type RegistryEvents, type RegistryResults } from './registry';
import { datasetInfo, type WireNumber } from './spool';
import type { SpanFacts, SpanRow, TraceDetail, TraceRow } from './trace';
import type {
  ConfiguredExperiment, Curve, ExperimentRow, FileProblem, Goal, GroupStats, ResourceRow, RunDetail, RunRow, RunState, Verdict,
} from './model';

export const PROTOCOL_VERSION = 1;

const text = z.record(z.string(), z.string());
/** An id, a unique prefix of one, a name, '@last' or '@best:metrics.acc' (optionally '@best:metrics.acc:min'). */
const runRef = z.string().min(1);
const noParams = z.object({}).default({});

/** The caller's name for a long question: its progress carries it, and it is stopped by it. */
const job = z.string().min(1).max(100);
/** An id, a unique prefix of one, '@last', or '@last:NAME'. */
const evaluationRef = z.string().min(1);
/** Only the parts that are given go before what runyard.yaml says; what is missing after that is refused. */
const evaluationInput = z.record(z.string(), z.unknown());

export const launchParams = z.object({
  /** an experiment that runyard.yaml names; its command, params, env, cwd and datasets are the defaults of what follows */
  configured: z.string().optional(),
  experiment: z.string().min(1).optional(),
  name: z.string().optional(),
  argv: z.array(z.string()).optional(),
  shell: z.boolean().optional(),
  /** absolute, or relative to the workspace */
  cwd: z.string().optional(),
  env: text.optional(),
  /** replaces or adds: turned into flags of the command and RUNYARD_PARAMS */
  params: text.optional(),
  tags: text.optional(),
  datasets: z.array(datasetInfo).optional(),
  parent: z.string().optional(),
  source: z.string().default('cli'),
  /** the script that is run, absolute or relative; argv may then be left out: it is run with the interpreter */
  script: z.string().optional(),
  /** path of the Python to use, where the door knows better than the engine */
  interpreter: z.string().optional(),
  /** > 1: that many runs that differ in the seed param only */
  seeds: z.number().int().min(1).max(1000).optional(),
});
export type LaunchParams = z.input<typeof launchParams>;

export const searchParams = z.object({
  experiments: z.array(z.string()).optional(),
  /** MLflow's search grammar */
  filter: z.string().default(''),
  /** 'metrics.acc DESC', 'params.lr', 'attributes.start_time DESC' ... */
  orderBy: z.array(z.string()).default([]),
  limit: z.number().int().min(1).max(50_000).default(100),
  offset: z.number().int().min(0).default(0),
  view: z.enum(['active', 'trashed', 'all']).default('active'),
  /** which params, metrics and tags to bring; absent brings all */
  columns: z.array(z.string()).optional(),
  ids: z.array(z.string()).optional(),
});
export type SearchParams = z.input<typeof searchParams>;

export const curveParams = z.object({
  runs: z.array(runRef).min(1).max(500), key: z.string().min(1),
  x: z.enum(['step', 'relative', 'wall']).default('step'),
  /** the window in x's unit (steps, or seconds); absent: all */
  from: z.number().optional(), to: z.number().optional(),
  /** pixels to fill: at most about 4 points a pixel come back (first, min, max, last) */
  px: z.number().int().min(10).max(20_000).default(1000),
});

/** Method name → schema of its params. */
export const methods = {
  'engine.hello': z.object({ client: z.string(), version: z.string(), protocol: z.number().int() }),
  'engine.status': noParams,
  'engine.shutdown': z.object({ reason: z.string().default('asked') }),
  'experiments.list': noParams,
  'runs.search': searchParams,
  'runs.get': z.object({ run: runRef }),
  'runs.keys': z.object({ experiments: z.array(z.string()).optional() }),
  'runs.launch': launchParams,
  'runs.rerun': z.object({ run: runRef, params: text.default({}), source: z.string().default('cli') }),
  'runs.stop': z.object({ run: runRef }),
  'runs.edit': z.object({ run: runRef, name: z.string().min(1).optional(), notes: z.string().optional(), pinned: z.boolean().optional(), experiment: z.string().min(1).optional(), setTags: text.optional(), deleteTags: z.array(z.string()).optional() }),
  'runs.delete': z.object({ runs: z.array(runRef).min(1) }),
  'runs.restore': z.object({ runs: z.array(runRef).min(1) }),
  'runs.log': z.object({ run: runRef, from: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(4_000_000).default(256_000) }),
  'runs.resources': z.object({ run: runRef, px: z.number().int().default(300) }),
  'runs.curves': curveParams,
  'runs.points': z.object({ run: runRef, key: z.string(), limit: z.number().int().min(1).max(1_000_000).default(10_000), offset: z.number().int().min(0).default(0) }),
  'runs.traces': z.object({ run: runRef, limit: z.number().int().min(1).max(1000).default(100), offset: z.number().int().min(0).default(0) }),
  /** `facts`: inputs, outputs, attributes and events of the spans too; `span`: that one alone */
  'traces.get': z.object({ trace: z.string().min(1), span: z.string().optional(), facts: z.boolean().default(false) }),
  'runs.diff': z.object({ left: runRef, right: runRef }),
  'runs.preview': launchParams,
  'compare.groups': z.object({ runs: z.array(runRef).min(1), metric: z.string(), confidence: z.number().gt(0).lt(1).default(0.95) }),
  'compare.verdict': z.object({ baseline: z.array(runRef).min(1), candidate: z.array(runRef).min(1), metric: z.string(), goal: z.enum(['maximize', 'minimize']).optional(), confidence: z.number().gt(0).lt(1).default(0.95) }),
  'config.get': noParams,
  'editor.script': z.object({ script: z.string() }),
  'editor.param': z.object({ name: z.string(), script: z.string().optional() }),
  'editor.metric': z.object({ key: z.string(), script: z.string().optional() }),
  'gc.run': z.object({ dryRun: z.boolean().default(true) }),
  /** where MLflow's clients find this workspace; with a port, or without a token, at an address of its own: until some seconds after who asked is gone */
  'mlflow.serve': z.object({ port: z.number().int().min(1).max(65_535).optional(), token: z.boolean().default(true) }).default({ token: true }),
  /** these two answer when all is copied; asked again, they go on from where they were */
  'mlflow.import': importParams,
  'mlflow.export': exportParams,
  'mlflow.stopCopy': stopParams,
  'evaluations.inspect': z.object({ data: dataSpec, model: modelSpec.optional(), label: z.string().optional(), id: z.string().optional(), task: z.enum(TASKS).optional() }),
  /** `configured`: one of runyard.yaml's; what `request` says besides goes before it. Answers when it is done; the same thing again is answered at once, from what is kept. */
  'evaluations.run': z.object({ job, configured: z.string().optional(), request: evaluationInput.optional(), /** also the slices, pinned examples of the workspace */ workspaceSlices: z.boolean().default(true), fresh: z.boolean().default(false), python: z.string().optional() }),
  /** stops any of this table's long questions */
  'evaluations.cancel': z.object({ job }),
  'evaluations.list': z.object({ name: z.string().optional(), limit: z.number().int().min(1).max(10_000).default(200) }).default({ limit: 200 }),
  'evaluations.get': z.object({ evaluation: evaluationRef }),
  'evaluations.trend': z.object({ evaluation: evaluationRef, metric: z.string().optional(), most: z.number().int().min(1).max(1000).default(50) }),
  'evaluations.delete': z.object({ evaluations: z.array(evaluationRef).min(1) }),
  'evaluations.details': z.object({ evaluation: evaluationRef, selection: selection.prefault({}), baseline: z.boolean().default(false) }),
  'evaluations.rows': z.object({
    evaluation: evaluationRef, selection: selection.prefault({}), sort: z.enum(['worst', 'best', 'order', 'flip']).default('worst'), columns: z.array(z.string()).optional(),
    offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(5000).default(100),
  }),
  'evaluations.discover': z.object({ evaluation: evaluationRef, job, settings: discoverSettings.prefault({}), python: z.string().optional() }),
  'evaluations.importance': z.object({
    evaluation: evaluationRef, job, metrics: z.array(z.string()).default([]), repeats: z.number().int().min(1).max(1000).default(10), seed: z.number().int().min(0).default(0),
    columns: z.array(z.string()).optional(), selection: selection.prefault({}), mostRows: z.number().int().min(1).default(20_000),
  }),
  'evaluations.explain': z.object({ evaluation: evaluationRef, example: z.string().min(1), baseline: z.boolean().default(false) }),
  /** writes the slice into runyard.yaml, comments and all else as they were; `replace` where one of that name is there */
  'evaluations.saveSlice': z.object({ name: z.string().min(1), where: z.string().min(1), owner: z.string().optional(), note: z.string().optional(), minSupport: z.number().int().min(0).optional(), thresholds: thresholds.optional(), replace: z.boolean().default(false) }),
  /** what a person said of a flip or a row: rejected (it has to come out as `expected`, from now on), accepted (it is fine as it is: a pin of it goes) */
  'evaluations.judge': z.object({ evaluation: evaluationRef, example: z.string().min(1), judgement: z.enum(['rejected', 'accepted']), expected: z.union([z.string(), z.number()]).optional(), within: z.number().min(0).optional(), note: z.string().default(''), by: z.string().default('') }),
  'evaluations.tests': noParams,
  ...registryMethods,
  ...driftMethods,
  ...monitoringMethods,
} as const satisfies Record<string, z.ZodType>;
export type MethodName = keyof typeof methods;
export type MethodParams<M extends MethodName> = z.input<(typeof methods)[M]>;
export type MethodArgs<M extends MethodName> = z.output<(typeof methods)[M]>;

/** Before a run: what would be started, shown to the person. */
export interface LaunchPreview { experiment: string; name: string; argv: string[]; cwd: string; params: Record<string, string>; interpreter: string | null; interpreterFrom: string; script: string | null }
/** A person's text diff: two texts a diff editor can show, and what they are called. */
export interface TextPair { title: string; leftName: string; rightName: string; left: string; right: string }
export interface GcReport { dryRun: boolean; runs: { id: string; name: string; bytes: number }[]; objects: number; bytes: number; kept: string[] }

export interface MethodResults extends RegistryResults, DriftResults, MonitoringResults {
  'engine.hello': { version: string; protocol: number; pid: number; workspace: string; store: string; notices: string[] };
  'engine.status': { version: string; pid: number; workspace: string; store: string; live: number; queued: number; clients: number; uptime: number; schema: number; driver: string; notices: string[] };
  'engine.shutdown': Record<string, never>;
  'experiments.list': { experiments: ExperimentRow[]; configured: ConfiguredExperiment[] };
  'runs.search': { rows: RunRow[]; total: number };
  'runs.get': RunDetail;
  'runs.keys': { params: string[]; metrics: string[]; tags: string[] };
  'runs.launch': { runs: string[] };
  'runs.rerun': { runs: string[] };
  'runs.stop': { state: RunState };
  'runs.edit': RunDetail;
  'runs.delete': { runs: string[] };
  'runs.restore': { runs: string[] };
  'runs.log': { text: string; next: number; size: number; ended: boolean };
  'runs.resources': { samples: ResourceRow[] };
  'runs.curves': { curves: Curve[] };
  'runs.points': { points: { step: number; t: number; value: WireNumber }[]; total: number };
  'runs.traces': { traces: TraceRow[]; total: number };
  'traces.get': { trace: TraceDetail; spans: (SpanRow & { facts?: SpanFacts })[] };
  'runs.diff': { params: TextPair; environment: TextPair; datasets: TextPair; code: TextPair; command: TextPair };
  'runs.preview': LaunchPreview;
  'compare.groups': { groups: GroupStats[] };
  'compare.verdict': Verdict;
  'config.get': { file: string | null; problems: FileProblem[]; experiments: ConfiguredExperiment[]; goals: Record<string, Goal>; mainMetric: string | null };
  'editor.script': ScriptFacts;
  'editor.param': { param: string; metric: string | null; goal: Goal; rows: { value: string; runs: number; best: WireNumber | null; mean: WireNumber | null; last: string }[] };
  'editor.metric': { key: string; goal: Goal; runs: { id: string; name: string; value: WireNumber; t: number }[]; best: string | null };
  'gc.run': GcReport;
  'mlflow.serve': { uri: string; token: string };
  'mlflow.import': CopyReport;
  'mlflow.export': CopyReport;
  /** false where there is no such copy */
  'mlflow.stopCopy': { stopped: boolean };
  'evaluations.inspect': Inspection;
  'evaluations.run': { evaluation: EvaluationDoc; /** kept from before: nothing was computed */ cached: boolean };
  'evaluations.cancel': { stopped: boolean };
  'evaluations.list': { evaluations: EvaluationSummary[]; configured: string[] };
  'evaluations.get': EvaluationDoc;
  'evaluations.trend': Trend;
  'evaluations.delete': { evaluations: string[] };
  'evaluations.details': Details;
  'evaluations.rows': RowPage;
  'evaluations.discover': DiscoveryDoc;
  'evaluations.importance': Importance;
  'evaluations.explain': Explanation;
  'evaluations.saveSlice': { file: string; line: number };
  'evaluations.judge': { pinned: boolean; file: string | null };
  'evaluations.tests': { tests: EvaluationTest[] };
}
/** What the editor shows over and in a script: the last run against the baseline (pinned run of the experiment, else the one before). */
export interface ScriptFacts {
  script: string; experiment: string | null;
  last: { id: string; name: string; state: RunState; started: number | null; ended: number | null } | null;
  baseline: { id: string; name: string; pinned: boolean } | null;
  mainMetric: string | null;
  /** Signed delta is last minus baseline; direction says whether that is better by the metric's goal. */
  metrics: Record<string, { value: WireNumber; delta: number | null; direction: 'better' | 'worse' | 'same' | 'unknown' }>;
}

/** Told to every connected door; coalesced (at most some ten a second). Runs changed since the last one, and what kind of thing; `metrics` are the ids of runs with new points. */
export interface ChangedEvent { runs: string[]; experiments: string[]; config: boolean; structure: boolean; metrics: string[] }
export interface EngineEvents extends RegistryEvents, MonitoringEvents {
  changed: ChangedEvent;
  /** something a person should read once: a fallback, a rebuilt store */
  notice: { level: 'info' | 'warn' | 'error'; text: string };
  /** how far a copy is, some times a second */
  copying: CopyProgress & { job: string };
  /** how far a long question is, some times a second */
  evaluating: EvaluationProgress;
  /** an evaluation was made, deleted or judged: lists and tests changed */
  evaluated: { evaluations: string[] };
  /** the engine is going away: 'upgrade' means connect again, a newer one follows */
  closing: { reason: 'idle' | 'upgrade' | 'asked' };
}

/** An error as it crosses the socket, in the JSON-RPC error's data. */
export const wireError = z.object({ code: z.string(), message: z.string(), hint: z.string().default('') });
