/**
 * The review panel's contract with its host: one panel is of the log of one model in one environment. The page, the CSP and the order of 'ready', 'init', 'request' and 'reply'
 * are as in ./compare.ts; the bundle is dist/webview/review.js and .css.
 *
 * Long questions carry a `job` of the panel's making: their progress comes as 'progress', 'monitors.cancel' stops them, and a panel that is closed stops its own.
 */
import * as z from 'zod';
import { wireError, type MethodName, type MethodParams, type MethodResults } from './engine';
import type { EvaluationProgress } from './evaluation/result';
import type { ReviewExport } from './monitoring';

/** What the panel may ask of the engine through its host; anything else is refused with code 'not-allowed'. */
export const reviewPanelMethods = ['review.queue', 'review.agreement', 'feedback.judge', 'feedback.undo', 'feedback.summary', 'monitors.cancel'] as const satisfies readonly MethodName[];
export type ReviewPanelMethod = (typeof reviewPanelMethods)[number];

const model = z.string().min(1).max(600);
const job = z.string().min(1).max(100);

/** What the host itself does for the panel: name → schema of its params. */
export const reviewHostActions = {
  /** asks which version comes before and where to, writes the file; null: the person turned away */
  'host.export': z.object({ model, disagreement: z.enum(['leave out', 'majority']).default('leave out'), job }),
  /** the command that serves the model, and the form that brings labels */
  'host.serve': z.object({ model }),
  'host.importLabels': z.object({ model }),
  /** of an evaluation on a file that was written */
  'host.evaluate': z.object({ file: z.string().min(1) }),
  'host.copy': z.object({ text: z.string() }),
} as const satisfies Record<string, z.ZodType>;
export type ReviewHostAction = keyof typeof reviewHostActions;
export interface ReviewHostResults {
  'host.export': ReviewExport | null;
  'host.serve': Record<string, never>;
  'host.importLabels': Record<string, never>;
  'host.evaluate': Record<string, never>;
  'host.copy': Record<string, never>;
}
export type ReviewPanelRequests = { [M in ReviewPanelMethod]: { params: MethodParams<M>; result: MethodResults[M] } } & {
  [A in ReviewHostAction]: { params: z.input<(typeof reviewHostActions)[A]>; result: ReviewHostResults[A] };
};

/** Webview → host. params are parsed again by the engine (methods) or by `reviewHostActions` (actions). */
export const reviewToHost = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('request'), id: z.number().int(),
    method: z.enum([...reviewPanelMethods, ...(Object.keys(reviewHostActions) as [ReviewHostAction, ...ReviewHostAction[]])]),
    params: z.unknown(),
  }),
]);

/** The start of what the panel keeps by vscode.setState: all that the host's serializer needs; the rest is the panel's own. */
export const reviewRestorable = z.looseObject({ model: z.string().min(1) });

/** Host → webview. 'changed': labels or reviews came, perhaps this panel's own. */
export type ReviewToPanel =
  | { kind: 'init'; model: string }
  | { kind: 'changed' }
  | { kind: 'progress'; progress: EvaluationProgress }
  | { kind: 'reply'; id: number; ok: true; result: unknown }
  | { kind: 'reply'; id: number; ok: false; error: z.infer<typeof wireError> };

export const reviewToPanel = z.union([
  z.object({ kind: z.literal('init'), model: z.string().min(1) }),
  z.object({ kind: z.literal('changed') }),
  z.object({ kind: z.literal('progress'), progress: z.object({ job: z.string(), phase: z.string(), done: z.number(), total: z.number() }) }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(false), error: wireError }),
]);
