/**
 * The drift panel's contract with its host: one panel is of one monitor, of one comparison of two data sets, or of nothing yet (it teaches how to begin). The page, the CSP
 * and the order of 'ready', 'init', 'request' and 'reply' are as in ./compare.ts; the bundle is dist/webview/drift.js and .css.
 *
 * Long questions carry a `job` of the panel's making: their progress comes as 'progress', 'drift.cancel' and 'monitors.cancel' stop them, and a panel that is closed stops its own.
 */
import * as z from 'zod';
import { dataSpec } from './evaluation/request';
import { wireError, type MethodName, type MethodParams, type MethodResults } from './engine';
import type { EvaluationProgress } from './evaluation/result';
import type { MonitoringEvents } from './monitoring';

/** What the panel may ask of the engine through its host; anything else is refused with code 'not-allowed'. */
export const driftPanelMethods = [
  'monitors.list', 'monitors.results', 'monitors.result', 'monitors.history', 'monitors.column', 'monitors.examples', 'monitors.cancel',
  'alerts.list', 'alerts.get', 'alerts.act', 'alerts.incident', 'drift.column', 'drift.examples', 'drift.cancel', 'registry.history',
] as const satisfies readonly MethodName[];
export type DriftPanelMethod = (typeof driftPanelMethods)[number];

const name = z.string().min(1).max(300);
const job = z.string().min(1).max(100);

/** What is compared once: as 'drift.run' takes it. */
export const comparison = z.looseObject({ reference: dataSpec, current: dataSpec });
export type Comparison = z.output<typeof comparison>;
export const driftSource = z.union([
  z.object({ monitor: name }),
  z.object({ comparison }),
  z.object({ none: z.literal(true) }),
]);
export type DriftSource = z.output<typeof driftSource>;

/** What the host itself does for the panel: name → schema of its params. */
export const driftHostActions = {
  /** asks where to, writes the file; exactly one of text (UTF-8) and base64 */
  'host.saveFile': z.object({ name: z.string().min(1), mime: z.string(), text: z.string().optional(), base64: z.string().optional() }),
  'host.copy': z.object({ text: z.string() }),
  /** runyard.yaml at the monitor, else at `monitors:` */
  'host.openConfig': z.object({ monitor: name.optional() }),
  /** writes an example monitor into runyard.yaml after asking what it watches; null: the person turned away */
  'host.writeExample': z.object({}),
  /** 'drift.run' with the Python that the editor knows */
  'host.compare': z.object({ request: comparison, job }),
  /** 'monitors.run' of one monitor, likewise; `at`: the window that holds this moment */
  'host.runMonitor': z.object({ monitor: name, job, at: z.number().int().optional() }),
  /** the person picks another monitor, or two data sets; the panel is told by 'init' */
  'host.openOther': z.object({ what: z.enum(['monitor', 'comparison']) }),
  'host.openRegistry': z.object({ model: name, environment: name.optional(), part: z.enum(['candidate', 'timeline']).optional() }),
  /** VS Code's own steps, which say what will change and ask first */
  'host.rollBack': z.object({ model: name, environment: name }),
  'host.retrain': z.object({ model: name, environment: name, alert: z.string().optional() }),
} as const satisfies Record<string, z.ZodType>;
export type DriftHostAction = keyof typeof driftHostActions;
export interface DriftHostResults {
  'host.saveFile': { saved: boolean };
  'host.copy': Record<string, never>;
  'host.openConfig': Record<string, never>;
  'host.writeExample': { monitor: string | null };
  'host.compare': MethodResults['drift.run'];
  'host.runMonitor': MethodResults['monitors.run'];
  'host.openOther': Record<string, never>;
  'host.openRegistry': Record<string, never>;
  'host.rollBack': Record<string, never>;
  'host.retrain': Record<string, never>;
}
export type DriftPanelRequests = { [M in DriftPanelMethod]: { params: MethodParams<M>; result: MethodResults[M] } } & {
  [A in DriftHostAction]: { params: z.input<(typeof driftHostActions)[A]>; result: DriftHostResults[A] };
};

/** Webview → host. params are parsed again by the engine (methods) or by `driftHostActions` (actions). */
export const driftToHost = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('request'), id: z.number().int(),
    method: z.enum([...driftPanelMethods, ...(Object.keys(driftHostActions) as [DriftHostAction, ...DriftHostAction[]])]),
    params: z.unknown(),
  }),
]);

/** The start of what the panel keeps by vscode.setState: all that the host's serializer needs; the rest is the panel's own. */
export const driftRestorable = z.looseObject({ source: driftSource });

export const DRIFT_PARTS = ['column', 'together', 'performance', 'slices', 'rows', 'checks', 'alerts'] as const;
/** What the panel is to open: a column, a window (by its result), a part, an alert. */
export const driftShow = z.object({ column: z.string().min(1).optional(), result: z.string().min(1).optional(), alert: z.string().min(1).optional(), part: z.enum(DRIFT_PARTS).optional() });
export type DriftShow = z.output<typeof driftShow>;

/** Host → webview. 'changed': monitoring's event; 'progress': of a job that this panel asked for. `init` may come again, with another source or another part to show. */
export type DriftToPanel =
  | { kind: 'init'; source: DriftSource; show?: DriftShow | undefined }
  | { kind: 'changed'; what: MonitoringEvents['monitoring']['what'] }
  | { kind: 'progress'; progress: EvaluationProgress }
  | { kind: 'reply'; id: number; ok: true; result: unknown }
  | { kind: 'reply'; id: number; ok: false; error: z.infer<typeof wireError> };

export const driftToPanel = z.union([
  z.object({ kind: z.literal('init'), source: driftSource, show: driftShow.optional() }),
  z.object({ kind: z.literal('changed'), what: z.array(z.enum(['results', 'alerts', 'feedback', 'retraining', 'config'])) }),
  z.object({ kind: z.literal('progress'), progress: z.object({ job: z.string(), phase: z.string(), done: z.number(), total: z.number() }) }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(false), error: wireError }),
]);
