/** The section `registry:` of runyard.yaml: environments, the edges between them, and the gates of each. Times in seconds, sizes in bytes. */
import * as z from 'zod';

const asList = { error: 'expected a list such as [python, check.py]' };
const command = z.array(z.string(), asList).min(1, asList);
const timeout = z.number().positive().max(86_400).default(60);
/** What counts where nobody can tell: it stops the move unless said otherwise. */
const common = { name: z.string().min(1).optional(), cannotTell: z.enum(['block', 'pass']).default('block') };
/** Whose figures: an evaluation that runyard.yaml names; else the model's own (of its name, or the newest of this version). */
const evaluated = { ...common, evaluation: z.string().min(1).optional() };

export const gateConfig = z.discriminatedUnion('gate', [
  /** a figure of all rows, or of a slice, within limits by the whole of its interval */
  z.object({ gate: z.literal('metric'), ...evaluated, metric: z.string().min(1), slice: z.string().optional(), min: z.number().optional(), max: z.number().optional() })
    .refine(({ min, max }) => min !== undefined || max !== undefined, { error: 'give min or max' })
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, { error: 'min is above max: nothing would pass', path: ['min'] }),
  /** against what is live, in the metric's own unit or as a share of it; `min: -0.01` lets it get worse by 0.01. Positive is better, whichever way the metric goes. */
  z.object({ gate: z.literal('change'), ...evaluated, metric: z.string().min(1).optional(), min: z.number().default(0), relative: z.boolean().default(false) }),
  /** no slice worse by more than `maxWorsening` beyond noise (Holm over slices at `alpha`); passes where it is shown to be worse by less than `margin` */
  z.object({ gate: z.literal('slices'), ...evaluated, maxWorsening: z.number().min(0).default(0), margin: z.number().min(0).optional(), alpha: z.number().gt(0).lt(1).default(0.05), minSupport: z.number().int().min(1).default(30), slices: z.array(z.string()).min(1).optional() })
    .refine(({ maxWorsening, margin }) => margin === undefined || margin >= maxWorsening, { error: 'margin is below maxWorsening: what may be worse would never be shown to be good enough', path: ['margin'] }),
  z.object({ gate: z.literal('pinned'), ...evaluated }),
  /** milliseconds a row, one row a call, 95th percentile on this machine */
  z.object({ gate: z.literal('latency'), ...common, p95: z.number().positive(), rows: z.number().int().min(20).max(10_000).default(200) }),
  z.object({ gate: z.literal('size'), ...common, max: z.union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?\s*[kKMG]i?B$/, { error: "expected bytes, or a text such as '100 MB'" })]) }),
  /** the evaluation's data against recent data: population stability index of each column, at most `psi` */
  z.object({ gate: z.literal('drift'), ...evaluated, recent: z.union([z.string(), z.array(z.string()).min(1)]), psi: z.number().positive().default(0.2), columns: z.array(z.string()).optional() }),
  /** of the evaluation, and of its data */
  z.object({ gate: z.literal('age'), ...evaluated, days: z.number().positive(), dataDays: z.number().positive().optional() }),
  z.object({ gate: z.literal('reproducible'), ...common }),
  /** exit status 0 pass, 3 cannot tell, any other fail; it gets RUNYARD_MODEL, RUNYARD_VERSION, RUNYARD_ENVIRONMENT, RUNYARD_FOLDER, RUNYARD_LIVE_FOLDER */
  z.object({ gate: z.literal('rule'), ...common, command, timeout }),
  z.object({ gate: z.literal('card'), ...common, sections: z.array(z.string()).optional() }),
  /** labels and reviews since the last promotion, which stand in the evidence with or without it: `min` is the share of this version's answers that has to be right, `maxError` the most that their mean absolute error may be where they are numbers; each by the whole of its interval, of at least `labels` of them */
  z.object({ gate: z.literal('feedback'), ...common, min: z.number().min(0).max(1).optional(), maxError: z.number().positive().optional(), labels: z.number().int().min(1).default(30) }),
  z.object({ gate: z.literal('approval'), ...common, people: z.number().int().min(1).max(100).default(1), signed: z.boolean().default(false) }),
]);
export type GateConfig = z.output<typeof gateConfig>;
export type GateOf<K extends GateConfig['gate']> = Extract<GateConfig, { gate: K }>;

export const hookConfig = z.object({ name: z.string().min(1).optional(), command, timeout, /** what a hook that fails does to the move */ onFailure: z.enum(['keep', 'rollback']).default('keep') });
export type HookConfig = z.output<typeof hookConfig>;

export const environmentConfig = z.object({
  onPromote: z.array(hookConfig).default([]), onRollback: z.array(hookConfig).default([]),
  /** off unless said: goes back by itself after `failures` in a row of a health check, or on an alert of severity critical */
  autoRollback: z.object({ onAlert: z.boolean().default(false), health: z.object({ command, timeout, every: z.number().min(1).default(60), failures: z.number().int().min(1).default(3) }).optional() }).optional(),
});
export type EnvironmentConfig = z.output<typeof environmentConfig>;

/** `from` null or left out: from anywhere. Gates left out: the default ones. */
export const edgeConfig = z.object({ from: z.string().min(1).nullable().optional(), to: z.string().min(1), gates: z.array(gateConfig).optional() });
export type EdgeConfig = z.output<typeof edgeConfig>;

export const registrySection = z.object({
  environments: z.union([
    z.array(z.string().min(1)).min(1).transform((names) => Object.fromEntries(names.map((name) => [name, environmentConfig.parse({})]))),
    z.record(z.string(), z.preprocess((value) => value ?? {}, environmentConfig)),
  ]).optional(),
  /** only these moves; without it every move between environments */
  edges: z.array(edgeConfig).optional(),
  /** a folder that git keeps: the ledger's chains, so that others who pull see models, approvals and comments */
  share: z.string().min(1).optional(),
  /** a folder where weights are left and looked for */
  weights: z.string().min(1).optional(),
  /** aliases that follow an environment: whoever sets one, an MLflow client say, promotes, and gates are asked */
  aliases: z.record(z.string(), z.string()).default({}),
  cards: z.string().min(1).default('cards'),
  /** columns with personal data, and how each is handled: stands in the card */
  personal: z.record(z.string(), z.string()).default({}),
});
export interface RegistryConfig extends Omit<z.output<typeof registrySection>, 'environments'> { environments: Record<string, EnvironmentConfig>; /** it stands in runyard.yaml */ said: boolean; /** what is wrong with environments or edges, with its place: until it is mended nothing is promoted */ broken?: string; /** 1-based lines in the file, where they stand there */ lines: { section: number | null; edges: number[] } }

/** Without a section: staging and production, every move allowed, the default gates. */
export const defaultRegistry = (): RegistryConfig => ({ ...registrySection.parse({}), environments: { staging: environmentConfig.parse({}), production: environmentConfig.parse({}) }, said: false, lines: { section: null, edges: [] } });

/** Of an edge whose gates aren't said: nothing may get worse than what is live. */
export const DEFAULT_GATES: readonly GateConfig[] = [
  gateConfig.parse({ gate: 'change', cannotTell: 'pass' }), gateConfig.parse({ gate: 'slices' }), gateConfig.parse({ gate: 'pinned' }),
];
