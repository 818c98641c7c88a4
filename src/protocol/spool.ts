/**
 * The run folder is the contract: whoever starts a run, on whatever engine, writes these files and they are
 * ingested the same way.
 *
 *   .runyard/runs/<run id>/
 *     spec.json          what to start (written first, never changed)
 *     events.*.jsonl     one writer a file; appended only; a line without '\n' isn't written yet
 *     stdout.log         standard output and standard error of the command, as they came
 *     supervisor.json    pids of the supervisor and the command, with their start times
 *     artifacts/         files the run keeps, by their relative path
 *     cancel             exists once somebody asked the run to stop; JSON {by, t}
 *     exit.json          the end state; last, by rename
 *
 * Numbers that JSON has no word for travel as the strings "NaN", "Infinity" and "-Infinity".
 * Times (`t`) are seconds since the epoch, UTC, with fractions. Every event may carry fields unknown here: they are ignored.
 */
import * as z from 'zod';
import { wireModel } from './logged-model';

/** A metric's value: a JSON number, or one of the three words for what JSON can't say. */
export const metricValue = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export type WireNumber = z.infer<typeof metricValue>;

const t = z.number();
const text = z.record(z.string(), z.string());

export const metricEvent = z.object({
  e: z.literal('m'), t, s: z.number().int().optional(), m: z.record(z.string(), metricValue),
  /** the logged model that was measured, and on which data: kept beside the run's own curve */
  model: z.string().optional(), dataset: z.object({ name: z.string(), digest: z.string() }).optional(),
});
/** What MLflow keeps of a dataset beside its name and digest, as its client said it. */
export const mlflowDataset = z.object({
  source_type: z.string().default(''), source: z.string().default(''), schema: z.string().optional(), profile: z.string().optional(), tags: text.default({}),
});
export type MlflowDataset = z.infer<typeof mlflowDataset>;
export const datasetInfo = z.object({
  name: z.string().min(1), role: z.string().default('train'), digest: z.string().default(''),
  path: z.string().optional(), rows: z.number().int().nonnegative().optional(),
  schema: z.array(z.object({ name: z.string(), type: z.string() })).optional(),
  mlflow: mlflowDataset.optional(),
});
export const resourceSample = z.object({
  cpu: z.number(), rssMb: z.number(), gpu: z.number().optional(), gpuMemMb: z.number().optional(), procs: z.number().int().optional(),
});
export const environmentInfo = z.object({
  os: z.string().optional(), host: z.string().optional(), cpu: z.string().optional(), cpus: z.number().int().optional(),
  memMb: z.number().optional(), gpus: z.array(z.string()).optional(), python: z.string().optional(), interpreter: z.string().optional(),
  packages: text.optional(),
});
export const codeInfo = z.object({
  commit: z.string().optional(), branch: z.string().optional(), dirty: z.boolean().optional(),
  /** Path below artifacts/ of the uncommitted change as a patch. */
  patch: z.string().optional(), remote: z.string().optional(),
});
export const startedInfo = z.object({ pid: z.number().int(), pgid: z.number().int().optional(), startTime: z.string().optional() });

/** Every event a run can say. Anything else is kept out of the store and counted as a problem of the run. */
export const spoolEvent = z.discriminatedUnion('e', [
  metricEvent,
  /** params: values as text; a param said again with another value overwrites (the last one wins) */
  z.object({ e: z.literal('p'), t, p: text }),
  z.object({ e: z.literal('tag'), t, set: text.optional(), del: z.array(z.string()).optional() }),
  /** summary: final figures, kept as metrics without a curve's meaning */
  z.object({ e: z.literal('summary'), t, m: z.record(z.string(), metricValue) }),
  z.object({ e: z.literal('dataset'), t, dataset: datasetInfo }),
  /** a file already lying at artifacts/<path> */
  z.object({ e: z.literal('artifact'), t, path: z.string().min(1), deleted: z.boolean().optional(), kind: z.enum(['file', 'table', 'image', 'model', 'patch']).default('file') }),
  z.object({ e: z.literal('env'), t, env: environmentInfo }),
  z.object({ e: z.literal('code'), t, code: codeInfo }),
  z.object({ e: z.literal('res'), t, res: resourceSample }),
  z.object({ e: z.literal('started'), t, started: startedInfo }),
  /** what a person or a client changed on the run: name, notes, pin, trash, the experiment it belongs to */
  z.object({
    e: z.literal('edit'), t, name: z.string().optional(), notes: z.string().optional(), pinned: z.boolean().optional(), trashed: z.boolean().optional(),
    experiment: z.string().min(1).optional(),
  }),
  /**
   * State said by a client. Of a run that no supervisor watches, `client` says that the client's word counts whatever was said before (it may
   * end a run and take it up again); a supervised run's state is its process's, and the client's word is kept beside it.
   */
  z.object({
    e: z.literal('state'), t, state: z.enum(['queued', 'running', 'finished', 'failed', 'killed', 'stopped', 'lost']), reason: z.string().optional(),
    client: z.boolean().optional(),
  }),
  /** a logged model that the run read or made */
  z.object({ e: z.literal('model'), t, io: z.enum(['input', 'output']), model: z.string().min(1), step: z.number().int().default(0) }),
  /**
   * A logged model, whole, as a client said it while no engine was there; `experiment` names the one it belongs to, since its number may have
   * been made up. Taken in where it is newer than what is known.
   */
  z.object({ e: z.literal('logged_model'), t, experiment: z.string().min(1).nullish(), model: wireModel, delTags: z.array(z.string()).optional() }),
  /** an experiment that a client made meanwhile: made where there is none of that name */
  z.object({ e: z.literal('experiment'), t, name: z.string().min(1), artifact_location: z.string().nullish(), tags: text.optional() }),
  /** a trace that ended meanwhile, as MLflow writes it */
  z.object({ e: z.literal('trace'), t, experiment: z.string().min(1).nullish(), trace: z.record(z.string(), z.unknown()) }),
  z.object({ e: z.literal('log'), t, level: z.enum(['info', 'warn', 'error']), text: z.string() }),
]);
export type SpoolEvent = z.infer<typeof spoolEvent>;

/** spec.json */
export const runSpec = z.object({
  format: z.literal(1),
  runId: z.string().regex(/^[0-9a-f]{32}$/),
  experiment: z.string().min(1),
  name: z.string().min(1),
  created: t,
  /** argv[0] is the program; never passed through a shell unless shell is true (then argv has one element) */
  argv: z.array(z.string()),
  shell: z.boolean().default(false),
  /** relative to the workspace, '.' for its root */
  cwd: z.string().default('.'),
  env: text.default({}),
  params: text.default({}),
  tags: text.default({}),
  datasets: z.array(datasetInfo).default([]),
  parent: z.string().optional(),
  source: z.string().default('cli'),
  /** the script the run is of, relative to the workspace, where there is one */
  script: z.string().optional(),
  interpreter: z.string().optional(),
  runner: z.string().default('local'),
  attempt: z.number().int().default(1),
  grace: z.object({ intSeconds: z.number().default(5), termSeconds: z.number().default(5) }).default({ intSeconds: 5, termSeconds: 5 }),
  resourceSeconds: z.number().positive().default(2),
  /** how metrics are picked from output lines: off, or the two plain forms; patterns are regular expressions with groups key and value */
  output: z.object({ metrics: z.boolean().default(true), patterns: z.array(z.string()).default([]) }).default({ metrics: true, patterns: [] }),
});
export type RunSpec = z.infer<typeof runSpec>;

/** exit.json: written last, by rename. */
export const exitRecord = z.object({
  t, state: z.enum(['finished', 'failed', 'killed', 'stopped', 'lost']),
  code: z.number().int().nullable().default(null), signal: z.string().nullable().default(null), reason: z.string().default(''),
});
export type ExitRecord = z.infer<typeof exitRecord>;

/** supervisor.json: who watches, so that a later engine can adopt the run. startTime tells a pid from its re-use. */
export const supervisorRecord = z.object({
  pid: z.number().int(), startTime: z.string(), bootId: z.string().default(''),
  child: z.object({ pid: z.number().int(), startTime: z.string() }).nullable().default(null),
});
export type SupervisorRecord = z.infer<typeof supervisorRecord>;

/** Environment variables a run gets. */
export const RUN_ENV = { runId: 'RUNYARD_RUN_ID', runDir: 'RUNYARD_RUN_DIR', params: 'RUNYARD_PARAMS', experiment: 'RUNYARD_EXPERIMENT' } as const;

/** Wire form to number and back. */
export const toNumber = (v: WireNumber): number => (typeof v === 'number' ? v : Number(v));
export const toWire = (v: number): WireNumber => (Number.isFinite(v) ? v : Number.isNaN(v) ? 'NaN' : v > 0 ? 'Infinity' : '-Infinity');
