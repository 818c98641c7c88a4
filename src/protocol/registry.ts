/** The registry's methods: what is asked, what comes back. Times in milliseconds since the epoch (UTC), durations in seconds, sizes in bytes. */
import * as z from 'zod';
import type { Bounds, Check, EvaluationSummary, Outcome, PairVerdict } from './evaluation/result';

const model = z.string().min(1).max(300);
/** A number, or an alias or environment of the model: 'champion', 'production', 'latest'. */
const versionRef = z.union([z.number().int().min(1), z.string().min(1).max(300)]);
const environment = z.string().min(1).max(300);
const job = z.string().min(1).max(100);
const noParams = z.object({}).default({});
/** Who asks, as git knows them where the door runs; the engine asks git itself where it is left out. */
const by = z.object({ name: z.string().min(1), email: z.string() }).optional();
const words = z.record(z.string(), z.string());

/** Exactly one of `file` (a file or a folder), `run` with `artifact`, `evaluation`. */
export const registerParams = z.object({
  model, file: z.string().min(1).optional(), run: z.string().min(1).optional(), artifact: z.string().min(1).optional(), evaluation: z.string().min(1).optional(),
  description: z.string().default(''), licence: z.string().default(''), tags: words.default({}), by,
});

/** What a comment is on: a run; a model or one of its versions; a slice, by its name, of a model or by itself. */
export const commentTarget = z.object({ run: z.string().optional(), model: model.optional(), version: z.number().int().min(1).optional(), slice: z.string().optional() })
  .refine(({ run, model: named, slice }) => [run, named, slice].some((one) => one !== undefined), { error: 'say what it is on: a run, a model, a version or a slice' });
export type CommentTarget = z.output<typeof commentTarget>;

export const registryMethods = {
  'registry.models': noParams,
  'registry.model': z.object({ model }),
  'registry.version': z.object({ model, version: versionRef }),
  'registry.register': registerParams,
  /** description and tags can be said again; files and facts of a version never change */
  'registry.describe': z.object({ model, version: versionRef.optional(), description: z.string().optional(), setTags: words.optional(), deleteTags: z.array(z.string()).optional(), by }),
  /** null takes the alias away */
  'registry.alias': z.object({ model, alias: z.string().min(1).max(255), version: versionRef.nullable(), by }),
  /** every gate of the edge, with its evidence; evaluates where no evidence is kept */
  'registry.gate': z.object({ model, version: versionRef, to: environment, job, fresh: z.boolean().default(false), python: z.string().optional(), by }),
  'registry.approve': z.object({ model, version: versionRef, to: environment, judgement: z.enum(['approved', 'rejected']).default('approved'), comment: z.string().min(1), sign: z.boolean().default(false), by }),
  /** what a promotion or a roll back would change, for the person to confirm; computes nothing */
  'registry.plan': z.object({ model, version: versionRef.optional(), to: environment, rollback: z.boolean().default(false) }),
  /** `expect`: the version that was live when the person looked (null: none); refused with 'conflict' where it is another one now */
  'registry.promote': z.object({ model, version: versionRef, to: environment, reason: z.string().default(''), force: z.boolean().default(false), expect: z.number().int().nullable().optional(), job, python: z.string().optional(), by }),
  /** without `to`: the version that was live before */
  'registry.rollback': z.object({ model, environment, to: versionRef.optional(), reason: z.string().default(''), force: z.boolean().default(false), expect: z.number().int().nullable().optional(), job, python: z.string().optional(), by }),
  'registry.cancel': z.object({ job }),
  /** oldest first */
  'registry.history': z.object({ model: model.optional(), environment: environment.optional(), limit: z.number().int().min(1).max(100_000).default(10_000) }),
  /** `time`: ms since the epoch */
  'registry.at': z.object({ model, environment, time: z.number() }),
  'registry.verify': noParams,
  /** brings the files of a version that another clone registered: from `from` (a folder), else from the folder that runyard.yaml names */
  'registry.fetch': z.object({ model, version: versionRef, from: z.string().min(1).optional() }),
  'registry.comment': z.object({ on: commentTarget, text: z.string().min(1).max(20_000), by }),
  'registry.comments': z.object({ on: commentTarget }),
  /** writes the card, keeping what people wrote; `file`: where (default: cards/NAME-VERSION.md); `write: false` only tells */
  'registry.card': z.object({ model, version: versionRef, file: z.string().min(1).optional(), write: z.boolean().default(true) }),
  /** what is stale or missing in a card: of a file, or of the text that an editor holds */
  'registry.checkCard': z.object({ file: z.string().min(1), text: z.string().max(4_000_000).optional() }),
} as const satisfies Record<string, z.ZodType>;

export interface Person { name: string; email: string }
export interface FileFacts { path: string; digest: string; size: number }
export interface TensorFacts { name: string; type: string; shape: string }

/** What never changes of a version. */
export interface VersionFacts {
  /** SHA-256 (hex) over paths and digests of the files: the same bytes, the same digest */
  digest: string; files: FileFacts[]; size: number;
  /** of the ONNX file; empty where there is none */
  inputs: TensorFacts[]; outputs: TensorFacts[]; producer: string;
  /** where it came from: a run, an evaluation, a file's path, an address of MLflow's */
  source: { kind: 'run' | 'evaluation' | 'file' | 'mlflow'; text: string };
  run: string | null;
  code: { commit: string | null; /** there were uncommitted changes */ dirty: boolean | null; /** digest of them as a patch */ patch: string | null };
  data: { name: string; digest: string; rows: number | null; role: string }[];
  environment: { python: string; packages: number; digest: string } | null;
  licence: string; author: Person;
}

export interface LiveRow { environment: string; version: number | null; since: number | null; by: Person | null; reason: string; forced: boolean; /** the pointer's folder is what the ledger says */ whole: boolean }
export interface ModelRow {
  name: string; description: string; versions: number; latest: number | null; updated: number; aliases: Record<string, number>;
  live: LiveRow[];
  /** promotions that wait for a person */
  waiting: WaitingRow[];
}
/** A version for which a promotion's only obstacle is approval, or for which approval was asked: by model, version, environment. */
export interface WaitingRow { model: string; version: number; environment: string; have: number; need: number; since: number; /** whoever works here made the version: their approval counts nothing, and they aren't asked for it */ own?: boolean }
export interface EnvironmentRow { name: string; /** where a version may come from; null: anywhere */ from: (string | null)[]; gates: string[] }

export interface Approval { judgement: 'approved' | 'rejected'; by: Person; t: number; comment: string; /** null: not signed; false: the signature doesn't hold */ signed: boolean | null; /** the author's own: counts nothing */ own: boolean; environment: string }
export interface Comment { id: string; by: Person; t: number; text: string; on: CommentTarget }
export interface VersionRow {
  model: string; version: number; created: number; author: Person; description: string; tags: Record<string, string>; aliases: string[];
  digest: string; size: number; run: string | null; licence: string;
  /** environments where it is live now, and where it was */
  live: string[]; was: string[];
  /** its files are on this machine */
  here: boolean;
  /** newest evaluation of it that is kept */
  evaluation: EvaluationSummary | null;
}
export interface ModelDetail { model: ModelRow; versions: VersionRow[]; environments: EnvironmentRow[]; comments: Comment[]; conflicts: ConflictRow[] }
export interface VersionDetail { row: VersionRow; facts: VersionFacts; evaluations: EvaluationSummary[]; approvals: Approval[]; comments: Comment[]; /** folder of its files, relative to the workspace; null where they aren't here */ folder: string | null; golden: { rows: number; recorded: number } | null; card: string | null }

export const GATE_KINDS = ['metric', 'change', 'slices', 'pinned', 'latency', 'size', 'drift', 'age', 'reproducible', 'rule', 'card', 'approval', 'feedback'] as const;
export type GateKind = (typeof GATE_KINDS)[number];
/** One thing that a gate looked at. `text` is a sentence; figures stand beside it where there are some. */
export interface GateEvidence { text: string; outcome: Outcome; evaluation?: string; slice?: string; metric?: string; value?: number | null; live?: number | null; difference?: number | null; interval?: Bounds | null; n?: number; check?: Check; verdict?: PairVerdict }
export interface GateResult {
  kind: GateKind; /** what people call it: 'metric roc_auc', or the name given in runyard.yaml */ name: string; outcome: Outcome;
  /** stops the move: it failed, or nobody can tell and the gate doesn't let that pass */
  blocks: boolean; reason: string; /** what would mend it; '' where nothing is wrong */ hint: string; evidence: GateEvidence[];
}
export interface GateReport {
  model: string; version: number; environment: string; /** environment that it comes from; null: none */ from: string | null;
  /** what is live there now */
  live: number | null; t: number; outcome: Outcome; gates: GateResult[]; evaluations: string[]; duration: number;
}

export interface HookResult { name: string; command: string[]; outcome: 'done' | 'failed' | 'timed out' | 'not found'; status: number | null; duration: number; /** the last of what it wrote */ output: string; rolledBack: boolean }
/** A slice's main figure in the version that goes and in the one that comes, as kept evaluations know it. */
export interface SliceChange { slice: string; metric: string; from: number | null; to: number | null; n: number }
export interface Plan { model: string; environment: string; /** live now */ from: number | null; to: number; since: number | null; changes: SliceChange[]; metric: string | null; fromValue: number | null; toValue: number | null; hooks: string[]; files: FileFacts[]; folder: string; /** what stands in the way whatever the gates say */ refusal: string | null }
export interface Promotion { promoted: boolean; forced: boolean; from: number | null; report: GateReport; hooks: HookResult[]; /** hooks failed, and the pointer went back */ rolledBack: boolean; /** hash of the ledger's entry */ entry: string | null; folder: string | null }
export interface Rollback { from: number | null; to: number; entry: string; forced: boolean; checks: { name: 'digest' | 'golden' | 'loads'; outcome: Outcome; text: string }[]; changes: SliceChange[]; hooks: HookResult[]; duration: number; folder: string }

/** A line of the ledger as people read it. `text`: one sentence. */
export interface HistoryRow { hash: string; clone: string; n: number; t: number; by: Person; kind: string; model: string; version: number | null; environment: string | null; text: string; forced: boolean; facts: Record<string, unknown> }
export interface ConflictRow { model: string; environment: string; text: string; hint: string; first: { version: number | null; by: Person; t: number; clone: string }; second: { version: number | null; by: Person; t: number; clone: string } }
export interface Verification { ok: boolean; entries: number; chains: { clone: string; entries: number; ours: boolean }[]; faults: { clone: string; line: number | null; what: string; message: string }[]; conflicts: ConflictRow[] }

export interface CardProblem { line: number; column: number; endLine: number; endColumn: number; kind: 'stale' | 'missing' | 'broken'; section: string; message: string; /** what the file should say there; null where only a person can */ replacement: string | null }
export interface CardReport { file: string; text: string; written: boolean; /** sections that only a person can write, and nobody has */ missing: string[]; stale: number; problems: CardProblem[] }

export interface RegistryResults {
  'registry.models': { models: ModelRow[]; environments: EnvironmentRow[]; waiting: WaitingRow[]; conflicts: ConflictRow[] };
  'registry.model': ModelDetail;
  'registry.version': VersionDetail;
  /** `existing`: the version that has these very bytes already; nothing new was made */
  'registry.register': { model: string; version: number; existing: boolean; digest: string; facts: VersionFacts; /** what didn't work out and hinders nothing */ notes?: string[] };
  'registry.describe': ModelDetail;
  'registry.alias': { aliases: Record<string, number> };
  'registry.gate': GateReport;
  'registry.approve': Approval;
  'registry.plan': Plan;
  'registry.promote': Promotion;
  'registry.rollback': Rollback;
  'registry.cancel': { stopped: boolean };
  'registry.history': { rows: HistoryRow[] };
  'registry.at': { version: number | null; since: number | null; by: Person | null; reason: string };
  'registry.verify': Verification;
  'registry.fetch': { folder: string; files: FileFacts[] };
  'registry.comment': Comment;
  'registry.comments': { comments: Comment[] };
  'registry.card': CardReport;
  'registry.checkCard': CardReport;
}

/** What the panel is told of and asks. */
export interface RegistryEvents {
  /** versions, moves, approvals or comments of these models; empty: all */
  registry: { models: string[] };
  /** somebody is wanted, or a person should know at once: an approval that is asked for, a forced promotion, an automatic roll back */
  attention: { kind: 'approval' | 'forced' | 'rolledBack' | 'conflict'; model: string; version: number | null; environment: string | null; text: string };
}
