/**
 * The compare panel's contract with its host.
 *
 * The host's page holds `<meta property="csp-nonce" content=NONCE>`, the style sheet dist/webview/compare.css, an element
 * `<main id="app" aria-busy="true"></main>` (whatever lies in it is the skeleton, replaced once the script is up) and, as the last element
 * of the body, `<script nonce=NONCE src=dist/webview/compare.js>` (not a module, not deferred: the toolkit has to be there before window's load event).
 * CSP: default-src 'none'; script-src 'nonce-NONCE'; style-src CSPSOURCE 'nonce-NONCE'; font-src CSPSOURCE; img-src CSPSOURCE data:
 *
 * The panel says 'ready' when it listens; the host answers with 'init', then passes on 'changed' events of the engine. Everything else is
 * the panel's 'request' and the host's 'reply' with the same id. A webview is outside input to the host: it parses with `toHost`.
 */
import * as z from 'zod';
import { wireError, type ChangedEvent, type MethodName, type MethodParams, type MethodResults } from './engine';

/** What the panel may ask of the engine through its host; anything else is refused with code 'not-allowed'. */
export const panelMethods = [
  'runs.search', 'runs.keys', 'runs.curves', 'runs.get', 'runs.resources', 'runs.diff', 'compare.groups', 'compare.verdict', 'config.get',
] as const satisfies readonly MethodName[];
export type PanelMethod = (typeof panelMethods)[number];

export const diffSubjects = ['params', 'environment', 'datasets', 'code', 'command'] as const;
export type DiffSubject = (typeof diffSubjects)[number];

const run = z.string().min(1);

/** What the host itself does for the panel: name → schema of its params. */
export const hostActions = {
  /** asks where to, writes the file; exactly one of text (UTF-8) and base64 */
  'host.saveFile': z.object({ name: z.string().min(1), mime: z.string(), text: z.string().optional(), base64: z.string().optional() }),
  'host.copy': z.object({ text: z.string() }),
  /** VS Code's own diff editor over runs.diff's pair of that name */
  'host.openDiff': z.object({ left: run, right: run, what: z.enum(diffSubjects) }),
  'host.openRun': z.object({ run }),
  'host.setPin': z.object({ run, pinned: z.boolean() }),
  /** a quick pick of runs; answers the chosen ids, an empty list when nothing was chosen */
  'host.addRuns': z.object({ have: z.array(run).default([]) }),
  /** starts the form that re-runs this run with edited params (more seeds) */
  'host.rerun': z.object({ run }),
} as const satisfies Record<string, z.ZodType>;
export type HostAction = keyof typeof hostActions;
export type HostParams<A extends HostAction> = z.input<(typeof hostActions)[A]>;
export interface HostResults {
  /** saved is false when the person closed the dialog */
  'host.saveFile': { saved: boolean };
  'host.copy': Record<string, never>;
  'host.openDiff': Record<string, never>;
  'host.openRun': Record<string, never>;
  'host.setPin': Record<string, never>;
  'host.addRuns': { runs: string[] };
  'host.rerun': Record<string, never>;
}

/** Everything the panel can ask, params and results by name. */
export type PanelRequests = { [M in PanelMethod]: { params: MethodParams<M>; result: MethodResults[M] } } & {
  [A in HostAction]: { params: HostParams<A>; result: HostResults[A] };
};

/** Webview → host. params are parsed again by the engine (methods) or by `hostActions` (actions). */
export const toHost = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('request'), id: z.number().int(),
    method: z.enum([...panelMethods, ...(Object.keys(hostActions) as [HostAction, ...HostAction[]])]),
    params: z.unknown(),
  }),
]);

/** Which runs the panel is of: a list of ids, or all that a search finds (whole experiments, or an expression). */
export const compareSource = z.object({
  runs: z.array(run).optional(),
  experiments: z.array(z.string()).optional(),
  filter: z.string().optional(),
});
export type CompareSource = z.infer<typeof compareSource>;

/** The start of what the panel keeps by vscode.setState: all that the host's serializer needs; the rest is the panel's own. */
export const restorable = z.looseObject({ source: compareSource });

/** Host → webview. */
export type ToPanel =
  | { kind: 'init'; source: CompareSource }
  | { kind: 'changed'; event: ChangedEvent }
  | { kind: 'reply'; id: number; ok: true; result: unknown }
  | { kind: 'reply'; id: number; ok: false; error: z.infer<typeof wireError> };

export const toPanel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('init'), source: compareSource }),
  z.object({
    kind: z.literal('changed'),
    event: z.object({ runs: z.array(z.string()), experiments: z.array(z.string()), config: z.boolean(), structure: z.boolean(), metrics: z.array(z.string()) }),
  }),
  z.discriminatedUnion('ok', [
    z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
    z.object({ kind: z.literal('reply'), id: z.number().int(), ok: z.literal(false), error: wireError }),
  ]),
]);
