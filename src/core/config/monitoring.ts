/** The sections `monitors:`, `serving:`, `retraining:` and `onCall:` of runyard.yaml. Times in seconds unless written as '1d', '12h', '30m', '45s', '2w'. */
import * as z from 'zod';
import { dataSpec, sliceSpec } from '../../protocol/evaluation/request';
import { driftLimits } from '../../protocol/drift';
import type { BrokenEntry } from '../../protocol/monitoring';

const asList = { error: 'expected a list such as [python, notify.py]' };
const command = z.array(z.string(), asList).min(1, asList);
const asShare = { error: 'expected a share from 0 to 1' };
const share = z.number(asShare).min(0, asShare).max(1, asShare);
const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
/** '1d' to seconds. */
const asPeriod = { error: 'expected a length of time such as 1d, 12h or 30m' };
export const period = z.union([z.number().positive(asPeriod), z.string().regex(/^\d+(\.\d+)?\s*[smhdw]$/, asPeriod)], asPeriod)
  .transform((value) => (typeof value === 'number' ? value : Number.parseFloat(value) * (UNITS[value.trim().slice(-1)] ?? 1)));
const asModel = { error: 'expected NAME@ENVIRONMENT, such as car-loan@production' };
const modelName = z.string(asModel).regex(/^[^@/]+@[^@/]+$/, asModel);
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
const severity = z.enum(SEVERITIES, { error: "expected 'info', 'warning' or 'critical'" });

/** A log that isn't ours: files with a column that says when. */
export const logSource = z.object({
  data: dataSpec, time: z.string().min(1),
  /** of the request; labels that come later are joined on it. Several: keys together. */
  id: z.union([z.string().min(1).transform((one) => [one]), z.array(z.string().min(1)).min(1)], { error: "expected a column's name, or a list of them" }).optional(),
  /** what was predicted: the column, and the columns of probabilities by class (one: of the positive class) */
  prediction: z.string().min(1).optional(), probabilities: z.union([z.string().min(1), z.record(z.string(), z.string().min(1))], { error: 'expected the column of the positive class, or a column by class' }).optional(),
  version: z.string().min(1).optional(), label: z.string().min(1).optional(),
});
export type LogSource = z.output<typeof logSource>;

const common = { name: z.string().min(1).optional(), severity: severity.optional(), /** of consecutive windows: so many have to fail before an alert opens, and to pass before it ends */ open: z.number().int().min(1).max(100).optional(), close: z.number().int().min(1).max(100).optional() };
export const checkConfig = z.discriminatedUnion('check', [
  /** each column; `columns` narrows it. `limits` and `limitsOf` as in `runyard drift`. */
  z.object({ check: z.literal('drift'), ...common, columns: z.array(z.string()).optional(), categorical: z.array(z.string()).default([]), limits: driftLimits.prefault({}), limitsOf: z.record(z.string(), driftLimits.partial()).default({}), alpha: z.number().gt(0).lt(1).default(0.05), /** all columns together, too */ multivariate: z.boolean().default(true) }),
  /** what the model says */
  z.object({ check: z.literal('predictions'), ...common, limits: driftLimits.prefault({}) }),
  z.object({ check: z.literal('schema'), ...common }),
  /** without labels; beyond min or max, or worse than the reference by more than `drop` (in the metric's unit; `relative`: a share of it), by the whole of its interval */
  z.object({ check: z.literal('estimated'), ...common, metric: z.string().min(1), min: z.number().optional(), max: z.number().optional(), drop: z.number().positive().optional(), relative: z.boolean().default(false), slice: z.string().optional() }),
  z.object({ check: z.literal('realised'), ...common, metric: z.string().min(1), min: z.number().optional(), max: z.number().optional(), drop: z.number().positive().optional(), relative: z.boolean().default(false), slice: z.string().optional(), minRows: z.number().int().min(1).default(30) }),
  z.object({ check: z.literal('rows'), ...common, min: z.number().int().min(0).default(1), max: z.number().int().min(0).optional() }),
  /** nothing newer than this */
  z.object({ check: z.literal('fresh'), ...common, within: period }),
  /** milliseconds, 95th percentile, as the log has it */
  z.object({ check: z.literal('latency'), ...common, p95: z.number().positive() }),
  /** share of rows that a serving rule met */
  z.object({ check: z.literal('rules'), ...common, rule: z.string().optional(), max: share }),
  /** a program of yours: exit status 0 pass, 3 cannot tell, any other fail; it gets RUNYARD_MONITOR, RUNYARD_FROM, RUNYARD_TO, RUNYARD_RESULT (a JSON file) */
  z.object({ check: z.literal('command'), ...common, command, timeout: z.number().positive().max(86_400).default(60) }),
]);
export type CheckConfig = z.output<typeof checkConfig>;

/** Exactly one of command and webhook; a webhook gets the alert as JSON by POST. Nothing else ever leaves the machine. */
export const alertHook = z.object({
  name: z.string().min(1).optional(), command: command.optional(), webhook: z.url({ protocol: /^https?$/, error: 'expected an address such as https://example.org/hook' }).optional(),
  timeout: z.number().positive().max(600).default(10), on: z.array(z.enum(['opened', 'acknowledged', 'snoozed', 'resolved'])).min(1).default(['opened', 'resolved']), severity: severity.default('info'),
}).refine(({ command: program, webhook }) => (program === undefined) !== (webhook === undefined), { error: 'give command or webhook, one of the two' });
export type AlertHook = z.output<typeof alertHook>;

export const monitorSection = z.object({
  /** whose log, and what was live; the log of `runyard serve-model` unless `log` says another */
  model: modelName.optional(), log: logSource.optional(),
  /** files, the window before (`previous`), or a window that ends so long before this one begins */
  reference: z.union([z.literal('previous'), z.object({ data: dataSpec, label: z.string().min(1).optional() }), z.object({ before: period, window: period.optional() })], { error: "expected 'previous', { data: FILES } or { before: 7d }" }).default('previous'),
  window: period.default(86_400),
  /** compares Mondays with Mondays (`week`), hours with the same hours (`day`) */
  cadence: z.enum(['none', 'day', 'week']).default('none'),
  /** when it runs while the engine runs: cron (five fields, the machine's time) or a length of time; without it only when asked */
  schedule: z.union([z.object({ cron: z.string().min(1) }), z.object({ every: period })], { error: "expected { every: 1h } or { cron: '0 6 * * *' }" }).optional(),
  label: z.string().min(1).optional(), slices: z.array(sliceSpec).default([]),
  checks: z.array(checkConfig).min(1).default([checkConfig.parse({ check: 'drift' }), checkConfig.parse({ check: 'predictions' }), checkConfig.parse({ check: 'schema' })]),
  severity: severity.default('warning'), open: z.number().int().min(1).max(100).default(1), close: z.number().int().min(1).max(100).default(2),
  /** what to do: shown with the alert; Markdown */
  runbook: z.string().default(''), hooks: z.array(alertHook).default([]),
}).refine(({ model, log }) => model !== undefined || log !== undefined, { error: 'give model: NAME@ENVIRONMENT, or log:' });
export interface MonitorConfig extends z.output<typeof monitorSection> { name: string; /** 1-based: where its name stands, and its checks */ line: number; checkLines: number[] }

/** Who is called: names by week, one after another from `start` (ISO date, a Monday) on; `except` names weeks (their Monday) that another takes. */
export const onCallSection = z.object({ start: z.iso.date({ error: 'expected a date such as 2026-11-16' }), people: z.array(z.string().min(1)).min(1), except: z.record(z.iso.date(), z.string().min(1)).default({}) });
export type OnCallConfig = z.output<typeof onCallSection>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** A guardrail of the scoring server. `when`: plain SQL over the row's columns, and `prediction`, `score` (output) where `on` is output. */
export const servingRule = z.object({
  name: z.string().min(1), when: z.string().min(1), on: z.enum(['input', 'output']).default('input'),
  action: z.enum(['flag', 'replace', 'reject']).default('flag'), /** what is answered instead */ value: scalar.optional(), note: z.string().default(''),
}).refine(({ action, value }) => action !== 'replace' || value !== undefined, { error: 'action: replace needs value:', path: ['value'] });
export type ServingRule = z.output<typeof servingRule>;

/** By NAME@ENVIRONMENT. `shadow`: another environment's or version's model is asked too and its answers logged, never given. `canary`: a share of the requests is answered by another. */
const other = { environment: z.string().min(1).optional(), version: z.number().int().min(1).optional() };
export const servingSection = z.object({
  sample: share.default(1), /** columns that are never logged; those of registry.personal that aren't hashed are dropped too */ drop: z.array(z.string()).default([]), /** logged as a keyed hash: equal values stay equal */ hash: z.array(z.string()).default([]),
  rules: z.array(servingRule).default([]),
  shadow: z.object({ ...other, share: share.default(1) }).optional(), canary: z.object({ ...other, percent: z.number().min(0).max(100) }).optional(),
  batch: z.object({ rows: z.number().int().min(1).max(10_000).default(256), waitMs: z.number().min(0).max(1000).default(0) }).prefault({}),
  /** of a request's body */
  maxBytes: z.number().int().min(1000).default(16 * 2 ** 20),
  /** days of log that are kept */
  keepDays: z.number().positive().optional(),
});
export interface ServingConfig extends z.output<typeof servingSection> { model: string; line: number; ruleLines: number[] }

/** What begins a retraining. `drop` in the metric's own unit. */
export const trigger = z.discriminatedUnion('on', [
  z.object({ on: z.literal('schedule'), cron: z.string().min(1).optional(), every: period.optional() }).refine(({ cron, every }) => (cron === undefined) !== (every === undefined), { error: 'give cron or every, one of the two' }),
  z.object({ on: z.literal('drift'), monitor: z.string().min(1), /** windows in a row */ windows: z.number().int().min(1).default(1) }),
  z.object({ on: z.literal('estimated'), monitor: z.string().min(1), metric: z.string().min(1), drop: z.number().positive() }),
  z.object({ on: z.literal('realised'), monitor: z.string().min(1), metric: z.string().min(1), drop: z.number().positive() }),
  z.object({ on: z.literal('labels'), count: z.number().int().min(1) }),
]);
export type Trigger = z.output<typeof trigger>;
export const retrainingSection = z.object({
  model: modelName,
  /** an experiment of runyard.yaml; its run gets RUNYARD_DATA_FROM, RUNYARD_DATA_TO (ISO) and RUNYARD_DATA (a Parquet file of the window with labels) */
  experiment: z.string().min(1),
  /** below the run's artifacts; the newest .onnx unless given */
  artifact: z.string().min(1).optional(),
  triggers: z.array(trigger).default([]),
  /** data that it trains on: so long back */
  window: period.default(30 * 86_400),
  /** the freshest labelled rows, which it isn't trained on and is judged by, besides the evaluation named */
  holdout: period.default(7 * 86_400), evaluation: z.string().min(1).optional(),
  coolDown: period.default(86_400), budget: z.object({ perWeek: z.number().int().min(0).default(7), minutes: z.number().positive().default(60) }).prefault({}),
  /** environment that the candidate is promoted to where the gates pass; left out: a person does it */
  promoteTo: z.string().min(1).optional(),
});
export interface RetrainingConfig extends z.output<typeof retrainingSection> { name: string; line: number }

export interface MonitoringConfig { monitors: Record<string, MonitorConfig>; serving: Record<string, ServingConfig>; retraining: Record<string, RetrainingConfig>; onCall: OnCallConfig | null; /** what of the three sections can't be read, in the file's order within each */ broken: BrokenEntry[] }
export const defaultMonitoring = (): MonitoringConfig => ({ monitors: {}, serving: {}, retraining: {}, onCall: null, broken: [] });
