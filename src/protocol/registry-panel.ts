/**
 * The registry panel's contract with its host: one panel is of one model. The page, the CSP and the order of 'ready', 'init', 'request' and 'reply'
 * are as in ./compare.ts; the bundle is dist/webview/registry.js and .css.
 *
 * The panel shows what a move would change (from 'registry.plan') before it asks for one; the host asks again, in a dialog, only for what is forced.
 * Long questions carry a `job` of the panel's making: their progress comes as 'progress', 'registry.cancel' stops them, and a panel that is closed stops its own.
 */
import * as z from 'zod';
import { wireError, type MethodName, type MethodParams, type MethodResults } from './engine';
import type { EvaluationProgress } from './evaluation/result';
import type { GateReport, Promotion, Rollback } from './registry';

/** What the panel may ask of the engine through its host; anything else is refused with code 'not-allowed'. */
export const registryPanelMethods = [
  'registry.model', 'registry.version', 'registry.approve', 'registry.plan', 'registry.history', 'registry.verify', 'registry.fetch', 'registry.comment', 'registry.cancel',
  'evaluations.get', 'evaluations.cancel',
] as const satisfies readonly MethodName[];
export type RegistryPanelMethod = (typeof registryPanelMethods)[number];

const model = z.string().min(1).max(300);
const version = z.number().int().min(1);
const environment = z.string().min(1).max(300);
const job = z.string().min(1).max(100);
/** What was live when the person looked (null: nothing): the engine refuses with 'conflict' where that is no longer so. */
const expect = z.number().int().nullable();

/** What the host itself does for the panel: name → schema of its params. */
export const registryHostActions = {
  /** asks where to, writes the file; exactly one of text (UTF-8) and base64 */
  'host.saveFile': z.object({ name: z.string().min(1), mime: z.string(), text: z.string().optional(), base64: z.string().optional() }),
  'host.copy': z.object({ text: z.string() }),
  /** a file or a folder, relative to the workspace; a folder is shown in the explorer */
  'host.openFile': z.object({ path: z.string().min(1) }),
  'host.openEvaluation': z.object({ evaluation: z.string() }),
  'host.openRun': z.object({ run: z.string() }),
  /** VS Code's own diff editor over what is known of two versions */
  'host.openDiff': z.object({ model, left: version, right: version }),
  /** runyard.yaml at the gates of the edges to this environment, else at `registry:` */
  'host.openConfig': z.object({ environment: environment.optional() }),
  /** the version's card, generated where there is none yet */
  'host.openCard': z.object({ model, version }),
  /** the form that registers a version of this model; null: the person closed it */
  'host.register': z.object({ model }),
  /** evaluates a version, against what is live there where an environment is named; null: cancelled, or nobody said what to evaluate on */
  'host.evaluate': z.object({ model, version, environment: environment.optional(), job }),
  /** 'registry.gate' with the Python that the editor knows */
  'host.gate': z.object({ model, version, to: environment, job, fresh: z.boolean().default(false) }),
  /** 'registry.promote'; where forced the host asks once more. null: the person said no */
  'host.promote': z.object({ model, version, to: environment, reason: z.string().default(''), force: z.boolean().default(false), expect, job }),
  /** 'registry.rollback', likewise */
  'host.rollback': z.object({ model, environment, to: version, reason: z.string().default(''), force: z.boolean().default(false), expect, job }),
} as const satisfies Record<string, z.ZodType>;
export type RegistryHostAction = keyof typeof registryHostActions;
export interface RegistryHostResults {
  'host.saveFile': { saved: boolean };
  'host.copy': Record<string, never>;
  'host.openFile': Record<string, never>;
  'host.openEvaluation': Record<string, never>;
  'host.openRun': Record<string, never>;
  'host.openDiff': Record<string, never>;
  'host.openConfig': Record<string, never>;
  'host.openCard': Record<string, never>;
  'host.register': { version: number | null };
  'host.evaluate': { evaluation: string | null };
  'host.gate': GateReport;
  'host.promote': Promotion | null;
  'host.rollback': Rollback | null;
}
export type RegistryPanelRequests = { [M in RegistryPanelMethod]: { params: MethodParams<M>; result: MethodResults[M] } } & {
  [A in RegistryHostAction]: { params: z.input<(typeof registryHostActions)[A]>; result: RegistryHostResults[A] };
};

/** Webview → host. params are parsed again by the engine (methods) or by `registryHostActions` (actions). */
export const registryToHost = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('request'), id: z.number().int(),
    method: z.enum([...registryPanelMethods, ...(Object.keys(registryHostActions) as [RegistryHostAction, ...RegistryHostAction[]])]),
    params: z.unknown(),
  }),
]);

/** The start of what the panel keeps by vscode.setState: all that the host's serializer needs; the rest is the panel's own. */
export const registryRestorable = z.looseObject({ model: z.string().min(1) });

/** What the panel is to open: a version looked at for an environment, and which part (`rollback`: the way back of that environment). */
export const registryShow = z.object({ version: version.optional(), environment: environment.optional(), part: z.enum(['candidate', 'timeline', 'versions', 'comments', 'rollback']).optional() });
export type RegistryShow = z.infer<typeof registryShow>;

/** Host → webview. 'changed': the registry's event (empty: all models) or that evaluations were made; 'progress': of a job that this panel asked for. `init` may come again, with another model or another part to show. */
export type RegistryToPanel =
  | { kind: 'init'; model: string; show?: RegistryShow | undefined }
  | { kind: 'changed'; models: string[] }
  | { kind: 'progress'; progress: EvaluationProgress }
  | { kind: 'reply'; id: number; ok: true; result: unknown }
  | { kind: 'reply'; id: number; ok: false; error: z.infer<typeof wireError> };

export const registryToPanel = z.union([
  z.object({ kind: z.literal('init'), model: z.string().min(1), show: registryShow.optional() }),
  z.object({ kind: z.literal('changed'), models: z.array(z.string()) }),
  z.object({ kind: z.literal('progress'), progress: z.object({ job: z.string(), phase: z.string(), done: z.number(), total: z.number() }) }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(false), error: wireError }),
]);
