/**
 * The evaluation panel's contract with its host. The page, the CSP and the order of 'ready', 'init', 'request' and 'reply' are as in ../compare.ts;
 * the bundle is dist/webview/evaluation.js and .css. Pictures come as data: URLs from 'host.preview', so the CSP needs no more.
 */
import * as z from 'zod';
import { wireError, type MethodName, type MethodParams, type MethodResults } from '../engine';
import type { EvaluationProgress } from './result';

/** What the panel may ask of the engine through its host; anything else is refused with code 'not-allowed'. */
export const evaluationPanelMethods = [
  'evaluations.get', 'evaluations.list', 'evaluations.trend', 'evaluations.details', 'evaluations.rows', 'evaluations.discover', 'evaluations.importance',
  'evaluations.explain', 'evaluations.saveSlice', 'evaluations.judge', 'evaluations.cancel',
] as const satisfies readonly MethodName[];
export type EvaluationPanelMethod = (typeof evaluationPanelMethods)[number];

/** What the host itself does for the panel: name → schema of its params. */
export const evaluationHostActions = {
  'host.saveFile': z.object({ name: z.string().min(1), mime: z.string(), text: z.string().optional(), base64: z.string().optional() }),
  'host.copy': z.object({ text: z.string() }),
  /** a picture or a text that a cell names, relative to the workspace or to the data's folder; a picture comes as a data: URL, a text cut short */
  'host.preview': z.object({ path: z.string().min(1), evaluation: z.string() }),
  /** runyard.yaml at the slice's definition, or the file of the data */
  'host.openSlice': z.object({ name: z.string() }),
  'host.openFile': z.object({ path: z.string().min(1) }),
  /** the same question again (fresh: even where the answer is kept), with progress; the panel is shown the new one */
  'host.evaluateAgain': z.object({ evaluation: z.string(), fresh: z.boolean().default(false) }),
  /** shows another evaluation in this panel; a pick of the history where none is named */
  'host.openEvaluation': z.object({ evaluation: z.string().optional() }),
  'host.openRun': z.object({ run: z.string() }),
} as const satisfies Record<string, z.ZodType>;
export type EvaluationHostAction = keyof typeof evaluationHostActions;
export interface EvaluationHostResults {
  'host.saveFile': { saved: boolean };
  'host.copy': Record<string, never>;
  'host.preview': { kind: 'image'; url: string } | { kind: 'text'; text: string; cut: boolean } | { kind: 'none'; why: string };
  'host.openSlice': Record<string, never>;
  'host.openFile': Record<string, never>;
  'host.evaluateAgain': { evaluation: string | null };
  'host.openEvaluation': { evaluation: string | null };
  'host.openRun': Record<string, never>;
}
export type EvaluationPanelRequests = { [M in EvaluationPanelMethod]: { params: MethodParams<M>; result: MethodResults[M] } } & {
  [A in EvaluationHostAction]: { params: z.input<(typeof evaluationHostActions)[A]>; result: EvaluationHostResults[A] };
};

export const evaluationToHost = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('request'), id: z.number().int(),
    method: z.enum([...evaluationPanelMethods, ...(Object.keys(evaluationHostActions) as [EvaluationHostAction, ...EvaluationHostAction[]])]),
    params: z.unknown(),
  }),
]);

/** The start of what the panel keeps by vscode.setState: all that the host's serializer needs; the rest is the panel's own. */
export const evaluationRestorable = z.looseObject({ evaluation: z.string().min(1) });

/** Host → webview. 'changed': evaluations were made, deleted or judged; 'progress': of a job that this panel asked for. `init` may come again, with another evaluation; `show` names the part that is opened. */
export type EvaluationToPanel =
  | { kind: 'init'; evaluation: string; show?: 'discovery' | undefined }
  | { kind: 'changed'; evaluations: string[] }
  | { kind: 'progress'; progress: EvaluationProgress }
  | { kind: 'reply'; id: number; ok: true; result: unknown }
  | { kind: 'reply'; id: number; ok: false; error: z.infer<typeof wireError> };

export const evaluationToPanel = z.union([
  z.object({ kind: z.literal('init'), evaluation: z.string(), show: z.enum(['discovery']).optional() }),
  z.object({ kind: z.literal('changed'), evaluations: z.array(z.string()) }),
  z.object({ kind: z.literal('progress'), progress: z.object({ job: z.string(), phase: z.string(), done: z.number(), total: z.number() }) }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(false), error: wireError }),
]);
