/** Monitors, alerts, feedback, review and retraining: what is asked, what comes back. Times in ms since the epoch (UTC), durations in seconds. */
import * as z from 'zod';
import type { ColumnDrift, ColumnPicture, DriftDoc, DriftResults, MultivariateDrift } from './drift';
import type { Bounds, Outcome } from './evaluation/result';
import type { PerformanceDoc, PerformanceWindow, TimeWindow } from './performance';
import type { Person } from './registry';

const job = z.string().min(1).max(100);
const name = z.string().min(1).max(300);
const person = z.object({ name: z.string().min(1), email: z.string() });
/** ms since the epoch */
const moment = z.number().int();
const answer = z.union([z.string(), z.number()]);
export const REVIEW_SOURCES = ['uncertain', 'drifted', 'flagged', 'shadow', 'random'] as const;
/** Why a row is asked about: the model was unsure, it is unlike the reference, a rule flagged it, the shadow answered otherwise, or by chance (so that what is learnt stays honest). */
export type ReviewSource = (typeof REVIEW_SOURCES)[number];
export const JUDGEMENTS = ['right', 'wrong', 'unsure'] as const;
export type Judgement = (typeof JUDGEMENTS)[number];

/** A model's own log, or files with a column that says when. */
const watchedSource = z.union([z.object({ model: name }), z.object({ files: z.array(z.string().min(1)).min(1), time: z.string().min(1) })]);
export type WatchedSource = z.output<typeof watchedSource>;

/** `model` is NAME@ENVIRONMENT. */
export const monitoringMethods = {
  'monitors.list': z.object({}).default({}),
  /** runs now: the newest whole window, or the one that holds `at`; `due`: only those whose schedule says so. Answers when all are done. */
  'monitors.run': z.object({ job, monitors: z.array(name).default([]), at: moment.optional(), due: z.boolean().default(false), python: z.string().optional() }),
  'monitors.cancel': z.object({ job }),
  /** newest first */
  'monitors.results': z.object({ monitor: name, limit: z.number().int().min(1).max(1000).default(50) }),
  'monitors.result': z.object({ result: z.string().min(1) }),
  /** one column in each of a monitor's windows, oldest first; without `column` only what is of all columns together */
  'monitors.history': z.object({ monitor: name, column: z.string().min(1).optional(), limit: z.number().int().min(1).max(1000).default(50) }),
  /** one column of a result's window and of its reference, to be drawn; within a slice where a predicate is given. Read from the log again. */
  'monitors.column': z.object({ result: z.string().min(1), column: z.string().min(1), where: z.string().optional(), bins: z.number().int().min(5).max(200).default(40) }),
  /** rows of a result's window that are new */
  'monitors.examples': z.object({ result: z.string().min(1), columns: z.array(z.string()).optional(), limit: z.number().int().min(1).max(1000).default(50) }),
  'alerts.list': z.object({ state: z.enum(['open', 'all']).default('open'), monitor: name.optional(), limit: z.number().int().min(1).max(10_000).default(200) }).default({ state: 'open', limit: 200 }),
  'alerts.get': z.object({ alert: z.string().min(1) }),
  /** `until` of a snooze; a reason is wanted for snooze and resolve */
  'alerts.act': z.object({ alert: z.string().min(1), action: z.enum(['acknowledge', 'snooze', 'resolve', 'reopen']), until: moment.optional(), reason: z.string().default(''), by: person.optional() }),
  /** an incident note that is kept with the alert; what is given replaces what was there */
  'alerts.incident': z.object({ alert: z.string().min(1), when: z.string().optional(), what: z.string().optional(), cause: z.string().optional(), action: z.string().optional(), by: person.optional() }),
  /** the text of a runyard.yaml with a monitor in it, everything else as it was; nothing is written */
  'monitors.example': z.object({ text: z.string(), name, watched: watchedSource }),
  'monitors.onCall': z.object({ at: moment.optional() }).default({}),
  /** days, rows and versions of a serving log; null `model`: all that there are */
  'serving.logs': z.object({ model: name.optional() }).default({}),
  /** labels from a file. `label` and `keys` (columns that name the row; 'ry_request' as 'request') unless they are told by the file's columns. `dryRun`: only what it would do. */
  'feedback.import': z.object({ job, model: name, file: z.string().min(1), label: z.string().optional(), request: z.string().optional(), row: z.string().optional(), keys: z.record(z.string(), z.string()).optional(), time: z.string().optional(), by: person.optional(), dryRun: z.boolean().default(false) }),
  'feedback.summary': z.object({ model: name, /** since this moment: the last promotion, say */ since: moment.optional() }),
  /** one person's word on one row: `answer` is what it should have been */
  'feedback.judge': z.object({ model: name, request: z.string().min(1), row: z.number().int().min(0).default(0), judgement: z.enum(JUDGEMENTS), answer: answer.optional(), comment: z.string().default(''), source: z.enum(REVIEW_SOURCES).optional(), /** of the queue that asked */ seed: z.number().int().min(0).default(0), /** of the row, where it is known: only then is it looked for */ time: moment.optional(), by: person.optional() }),
  /** takes one's own last word on a row back */
  'feedback.undo': z.object({ model: name, request: z.string().min(1), row: z.number().int().min(0).default(0), by: person.optional() }),
  /** the most valuable rows first, a share of them by chance; `reviewer` is not asked twice. Deterministic for a seed. */
  'review.queue': z.object({ job, model: name, from: moment.optional(), to: moment.optional(), limit: z.number().int().min(1).max(1000).default(50), sources: z.array(z.enum(REVIEW_SOURCES)).default([...REVIEW_SOURCES]), randomShare: z.number().min(0).max(1).default(0.2), /** rows that somebody else judged, so that agreement can be told */ again: z.number().min(0).max(1).default(0.1), seed: z.number().int().min(0).default(0), /** in place of the queue: rows whose request holds this text ('': all), judged or not, the newest first */ find: z.string().optional(), by: person.optional() }),
  'review.agreement': z.object({ model: name }),
  /** reviewed rows as a Parquet file with the label as people gave it: the evaluation set's next version, beside the one before (which it holds, where it is named) */
  'review.export': z.object({ job, model: name, file: z.string().min(1), previous: z.string().optional(), /** column of the label; told by the one before where it is named */ label: z.string().min(1).optional(), /** rows on which people don't agree are left out unless 'majority' */ disagreement: z.enum(['leave out', 'majority']).default('leave out'), sources: z.array(z.enum(REVIEW_SOURCES)).optional() }),
  'retraining.list': z.object({}).default({}),
  /** now, whatever the triggers say; cool-down and budget hold unless `force` with a reason */
  'retraining.run': z.object({ name, reason: z.string().default(''), force: z.boolean().default(false), alert: z.string().optional(), by: person.optional() }),
  'retraining.backtest': z.object({ job, name, from: moment.optional(), to: moment.optional(), policies: z.array(z.string()).default([]), /** runs the experiment's own command for each model, in place of a stand-in */ run: z.boolean().default(false), python: z.string().optional(), seed: z.number().int().min(0).default(0) }),
} as const;
type Methods = typeof monitoringMethods;
export type MonitoringMethodName = keyof Methods;

/** One thing that was looked at in one window. `key` is the same from window to window: alerts hold on to it. */
export interface CheckResult { key: string; check: string; subject: string; severity: 'info' | 'warning' | 'critical'; outcome: Outcome; value: number | null; low: number | null; high: number | null; /** what it was held against */ threshold: number | null; reason: string; /** 0-based: which of the monitor's checks */ at: number }
export interface MonitorResult {
  format: 1; id: string; monitor: string; model: string | null; created: number; duration: number; window: { from: number; to: number; rows: number }; reference: { text: string; rows: number; from: number | null; to: number | null };
  outcome: Outcome; reasons: string[]; checks: CheckResult[]; drift: DriftDoc | null; performance: PerformanceDoc | null;
  /** which versions answered, and how often */
  versions: { version: number; rows: number; role: string }[]; /** 95th percentile of latency in ms */ latency: number | null; rules: { rule: string; rows: number }[];
}
/** A result without its documents, for lists and heat maps: `columns` by name, effect over limit of its largest test (1: at its limit) */
export interface ResultSummary { id: string; monitor: string; created: number; window: { from: number; to: number; rows: number }; outcome: Outcome; reasons: string[]; columns: Record<string, { ratio: number | null; outcome: Outcome; harm: number | null; psi: number | null; type: string; role: string }>; figures: PerformanceWindow['figures']; alerts: string[]; checks: CheckResult[]; versions: number[] }
/** A window as a line over time has it. `drift`: of the column asked for, without what is long (bins, categories); null where the window has none of it. */
export interface HistoryPoint { result: string; window: { from: number; to: number; rows: number }; drift: ColumnDrift | null; multivariate: MultivariateDrift[] }
export interface MonitorRow {
  name: string; model: string | null; line: number; schedule: string; window: number; cadence: string; severity: string; checks: string[]; runbook: string;
  last: ResultSummary | null; /** when its schedule runs it next; null: only when asked */ next: number | null; running: boolean; /** why it can't run, as far as that is known */ problem: string | null; open: number;
}
export type MonitoringSection = 'monitors' | 'serving' | 'retraining';
/** What runyard.yaml has under one of these sections and can't be read. `section` null: the file as a whole; `name` null: all of the section: what else it may have is not known. `file`: below the workspace; line and column from 1. `more`: further errors of it. */
export interface BrokenEntry { section: MonitoringSection | null; name: string | null; file: string; line: number; column: number; message: string; more: number }
export type AlertState = 'open' | 'acknowledged' | 'snoozed' | 'resolved';
export interface AlertEvent { t: number; what: 'opened' | 'held' | 'acknowledged' | 'snoozed' | 'resolved' | 'reopened' | 'woke' | 'hook' | 'incident' | 'rolledBack' | 'retraining'; by: Person | null; text: string }
export interface Incident { when: string; what: string; cause: string; action: string; by: Person; t: number }
export interface AlertRow {
  id: string; monitor: string; key: string; check: string; subject: string; model: string | null; severity: 'info' | 'warning' | 'critical'; state: AlertState; text: string;
  opened: number; updated: number; /** windows that failed in it, and the last result in which it did */ windows: number; result: string; snoozedUntil: number | null; resolved: number | null;
  /** version that was live in the window that opened it */ version: number | null; onCall: string | null; incident: Incident | null;
  /** why it is resolved: what a person said, or what ended it by itself; absent or null where it isn't */ resolution?: string | null;
}
export interface AlertDetail { row: AlertRow; runbook: string; events: AlertEvent[]; results: ResultSummary[]; line: number | null; /** slices that it hits, worst first */ slices: { name: string; text: string }[] }

export interface ServingLog { model: string; folder: string; days: { day: string; rows: number; files: number }[]; rows: number; from: number | null; to: number | null; versions: number[] }
export interface FeedbackReport { file: string; rows: number; joined: number; changed: number; same: number; /** of rows or requests that no log has */ unknown: { count: number; first: string[] }; duplicates: { count: number; first: string[] }; future: number; invalid: { count: number; first: string[] }; label: string; keys: string[]; dryRun: boolean; notes: string[] }
export interface FeedbackSummary { model: string; since: number | null; labels: number; right: number; wrong: number; unsure: number; reviewers: { name: string; rows: number }[]; newest: number | null; /** share right among the rows that were asked by chance: nothing else tells of all rows */ honest: { n: number; right: number; low: number; high: number } | null; /** mean absolute error where answers are numbers: of rows with an imported label, and of those that people were asked about by chance; `interval` null where its spread isn't known */ error?: { n: number; mean: number; sd: number | null; interval: Bounds | null } | null; recent: { request: string; row: number; judgement: Judgement; comment: string; by: string; t: number }[] }
export interface ReviewItem { request: string; row: number; time: number; version: number | null; /** null: it was looked for */ source: ReviewSource | null; /** why it is worth a look */ why: string; value: number; prediction: string | number | null; probabilities: Record<string, number>; cells: Record<string, string | number | boolean | null>; /** cells that the reference doesn't have, by column: why */ odd: Record<string, string>; judged: { by: string; judgement: Judgement; answer: string | number | null; t: number }[] }
export interface ReviewQueue { model: string; classes: string[]; task: string; items: ReviewItem[]; /** rows that were looked through */ rows: number; left: Record<ReviewSource, number>; seed: number }
export interface Agreement { model: string; pairs: { a: string; b: string; rows: number; agreed: number; kappa: number | null; interval: Bounds | null }[]; disagreed: { request: string; row: number; said: { by: string; judgement: Judgement; answer: string | number | null }[] }[]; reviewers: { name: string; rows: number }[] }
export interface ReviewExport { file: string; rows: number; previous: number; added: number; leftOut: { disagreement: number; unsure: number; unknown: number }; digest: string; sources: Record<string, number>; notes: string[] }

export type RetrainingState = 'waiting' | 'running' | 'registered' | 'rejected' | 'promoted' | 'failed' | 'held';
/** One retraining that was begun or held back. `fresh` and `old`: the main figure of candidate and live on the freshest labelled rows, and on the evaluation set. */
export interface RetrainingRun { id: string; name: string; trigger: string; reason: string; t: number; ended: number | null; state: RetrainingState; run: string | null; version: number | null; fresh: SideBySide | null; old: SideBySide | null; text: string; window: TimeWindow }
export interface SideBySide { metric: string; candidate: number | null; live: number | null; difference: number | null; interval: Bounds | null; n: number; word: string; evaluation: string }
export interface RetrainingRow { name: string; line: number; model: string; experiment: string; triggers: string[]; /** the newest that began, else the newest that was held */ last: RetrainingRun | null; /** newest first, those that were held too */ runs: RetrainingRun[]; /** until when the cool-down holds; null: it doesn't */ coolDown: number | null; used: { runs: number; minutes: number }; budget: { perWeek: number; minutes: number }; next: number | null; problem: string | null }
/** What a policy would have cost and brought. `quality`: the figure over all windows replayed, by rows; `windows`: in each, with the age of the model in it (s). */
export interface PolicyResult { policy: string; retrainings: number; minutes: number; quality: number | null; interval: Bounds | null; worst: number | null; below: number; windows: { from: number; to: number; value: number | null; retrained: boolean; age: number }[] }
export interface Backtest { name: string; metric: string; goal: 'maximize' | 'minimize'; from: number; to: number; rows: number; policies: PolicyResult[]; notes: string[]; duration: number }

export interface MonitoringResults {
  'monitors.list': { monitors: MonitorRow[]; /** nothing is watched by them until they are mended */ broken: BrokenEntry[]; open: number; onCall: string | null };
  'monitors.run': { results: ResultSummary[]; opened: AlertRow[]; resolved: AlertRow[]; outcome: Outcome; failed: { monitor: string; message: string; hint: string }[] };
  'monitors.cancel': { stopped: boolean };
  'monitors.results': { results: ResultSummary[] };
  'monitors.result': MonitorResult;
  'monitors.history': { points: HistoryPoint[] };
  'monitors.column': ColumnPicture;
  'monitors.examples': DriftResults['drift.examples'];
  'alerts.list': { alerts: AlertRow[] };
  'alerts.get': AlertDetail;
  'alerts.act': AlertRow;
  'alerts.incident': AlertRow;
  'monitors.example': { text: string };
  'monitors.onCall': { name: string | null; weeks: { from: string; name: string }[] };
  'serving.logs': { logs: ServingLog[]; /** what runyard.yaml says of serving and can't be read: a server of theirs keeps to what it read before, or to nothing said */ broken: BrokenEntry[] };
  'feedback.import': FeedbackReport;
  'feedback.summary': FeedbackSummary;
  'feedback.judge': { judged: number };
  'feedback.undo': { undone: boolean };
  'review.queue': ReviewQueue;
  'review.agreement': Agreement;
  'review.export': ReviewExport;
  'retraining.list': { retrainings: RetrainingRow[]; /** nothing begins them until they are mended */ broken: BrokenEntry[] };
  'retraining.run': RetrainingRun;
  'retraining.backtest': Backtest;
}
export interface MonitoringEvents {
  /** results, alerts, feedback or retrainings are others than before */
  monitoring: { what: ('results' | 'alerts' | 'feedback' | 'retraining' | 'config')[]; monitors: string[] };
  /** an alert opened, woke or was resolved by itself: told once */
  alert: { alert: AlertRow; what: 'opened' | 'woke' | 'resolved' };
}
