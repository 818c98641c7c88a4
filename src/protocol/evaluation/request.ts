/** What is asked of an evaluation: the model, the data, how they fit together, and what is held against the result. Paths are absolute or relative to the workspace. */
import * as z from 'zod';

export const TASKS = ['binary', 'multiclass', 'regression', 'ranking'] as const;
/** `ranking`: a score and a threshold above which a row is called positive; the score is no probability. */
export type Task = (typeof TASKS)[number];
export const COLUMN_TYPES = ['float', 'int', 'bool', 'string', 'date', 'time', 'other'] as const;
/** How a column is read. `date` and `time` (a moment) are texts in ISO 8601 to a model; `other` (lists, structs) can only be shown. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

const column = z.string().min(1);
const path = z.string().min(1);

export const dataSpec = z.object({
  /** paths or globs; all of one format and with the same columns */
  files: z.array(path).min(1),
  /** told by the file's name unless given */
  format: z.enum(['csv', 'tsv', 'jsonl', 'parquet', 'duckdb', 'sqlite']).optional(),
  /** of a DuckDB or SQLite file; may be left out where there is one only */
  table: z.string().min(1).optional(),
  /** declared types; the others are found from the data. In CSV an empty unquoted field is missing, and nothing else. */
  types: z.record(column, z.enum(COLUMN_TYPES)).default({}),
  /** Parquet files may lack columns that others have: missing in their rows */
  union: z.boolean().optional(),
  /** only rows for which this is true: plain SQL over the row's columns */
  where: z.string().min(1).optional(),
  /** only rows of this time: `column` holds a moment (a time, an ISO text, or a number of seconds or milliseconds since the epoch); `from` inclusive, `to` exclusive (ISO 8601, UTC unless said); of these only some days (0 Sunday to 6) and hours (0 to 23), UTC */
  window: z.object({ column, from: z.string().optional(), to: z.string().optional(), weekdays: z.array(z.number().int().min(0).max(6)).min(1).optional(), hours: z.array(z.number().int().min(0).max(23)).min(1).optional() }).optional(),
});
export type DataSpec = z.output<typeof dataSpec>;

/** Which columns go into each input of a model. `columns`: one for an input of [N,1], or all of a tensor [N,C] in their order. `missing`: what stands for a missing value (default: NaN for floats, '' for strings, else refused). */
export const inputMapping = z.object({ columns: z.array(column).min(1), missing: z.union([z.string(), z.number()]).optional() });
export const mapping = z.object({
  /** by the input's name */
  inputs: z.record(z.string(), inputMapping).default({}),
  /** names of the outputs, where they can't be told: the label, the probabilities or score, the number */
  label: z.string().optional(), scores: z.string().optional(),
});
export type Mapping = z.output<typeof mapping>;

/** Exactly one of `file`, `registered`, `command`, `predictions`. */
export const modelSpec = z.object({
  /** what it is called where people read */
  name: z.string().min(1).optional(),
  /** an .onnx file, or a folder of an MLflow model with one in it */
  file: path.optional(),
  /** NAME/VERSION or NAME@ALIAS of the registry */
  registered: z.string().min(1).optional(),
  /** a program that reads rows and writes predictions: JSONL on standard input and output, or `{rows}` and `{predictions}` among its arguments for two Parquet files */
  command: z.array(z.string()).min(1).optional(),
  predictions: z.object({
    /** the predicted label or number; may be left out where probabilities tell it */
    column: column.optional(),
    /** the column of the positive class's probability or score, or a column a class */
    probabilities: z.union([column, z.record(z.string(), column)]).optional(),
    /** another file than the data: joined on `id` (the data's id column, unless it is called otherwise there) */
    data: dataSpec.optional(), id: column.optional(),
  }).optional(),
  mapping: mapping.optional(),
}).refine((one) => [one.file, one.registered, one.command, one.predictions].filter((part) => part !== undefined).length === 1, { error: 'give exactly one of file, registered, command and predictions' });
export type ModelSpec = z.output<typeof modelSpec>;

const limits = z.object({ min: z.number().optional(), max: z.number().optional() }).refine(({ min, max }) => min !== undefined || max !== undefined, { error: 'give min or max' });
/** By metric: any figure's name ('accuracy', 'per_class.1.recall', 'mae'), or 'accuracy_diff' / 'mae_diff' against the rest, or 'worsening' (baseline minus candidate in the main figure). */
export const thresholds = z.record(z.string(), limits);
export type Thresholds = z.output<typeof thresholds>;

export const sliceSpec = z.object({
  name: z.string().min(1),
  /** plain SQL over the row's columns; this or `tagger` */
  where: z.string().min(1).optional(),
  /** FILE.py:FUNCTION in the workspace: a list of rows (dicts) in, a list of true or false out */
  tagger: z.string().min(1).optional(),
  owner: z.string().optional(), note: z.string().optional(),
  /** with fewer rows the answer is 'cannot tell' */
  minSupport: z.number().int().min(0).default(30),
  thresholds: thresholds.default({}),
}).refine(({ where, tagger }) => (where === undefined) !== (tagger === undefined), { error: 'give where or tagger, one of the two' });
export type SliceSpec = z.output<typeof sliceSpec>;

/** A row that a person said must come out right. */
export const pinnedExample = z.object({
  /** the row's stable id */
  id: z.string().min(1),
  /** what it has to be called; for a regression the number, with `within` as the distance allowed */
  expected: z.union([z.string(), z.number()]), within: z.number().min(0).optional(),
  note: z.string().default(''), by: z.string().default(''), at: z.string().default(''),
});
export type PinnedExample = z.output<typeof pinnedExample>;

export const gateSpec = z.object({
  /** in the main figure (accuracy; mean absolute error): a slice may be worse by so much */
  maxWorsening: z.number().min(0).default(0), alpha: z.number().gt(0).lt(1).default(0.05), minSupport: z.number().int().min(1).default(30),
});

export const evaluationRequest = z.object({
  /** the name under which runyard.yaml has it; evaluations of one name are one history */
  name: z.string().min(1).optional(),
  model: modelSpec, baseline: modelSpec.optional(),
  data: dataSpec,
  label: column,
  /** of a column whose values are unique; without it a row's id is a hash of what it says */
  id: column.optional(),
  task: z.enum(TASKS).optional(),
  /** names of the classes in the order of the model's probabilities; found from model and data unless given */
  classes: z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional(),
  positive: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
  /** of the positive class's score: above or at it a row is called positive; without it the model's own label counts */
  threshold: z.number().optional(),
  /** a column such as 'split': figures for each of its values beside those of all rows */
  split: column.optional(),
  /** a column that holds a row's weight */
  slices: z.array(sliceSpec).default([]),
  /** for all rows */
  thresholds: thresholds.default({}),
  pinned: z.array(pinnedExample).default([]),
  gate: gateSpec.default(gateSpec.parse({})),
  /** FILE.py:FUNCTION or FILE.mjs:FUNCTION in the workspace, by the name of the figure */
  metrics: z.record(z.string(), z.string()).default({}),
  /** what a wrong call costs, for the threshold sweep */
  cost: z.object({ tp: z.number(), fp: z.number(), fn: z.number(), tn: z.number() }).optional(),
  seed: z.number().int().min(0).default(0), replicates: z.number().int().min(100).max(100_000).default(1000),
  bins: z.array(z.number().int().min(2).max(1000)).default([10, 15]),
  /** data that the model was trained on: rows of it among these are counted */
  training: dataSpec.optional(),
  /** the eval set's age counts from here (ISO date), else from its files' time; a warning beyond `maxAgeDays` */
  collected: z.string().optional(), maxAgeDays: z.number().positive().optional(),
  /** the run that made the model */
  run: z.string().optional(),
});
export type EvaluationRequest = z.output<typeof evaluationRequest>;
export type EvaluationInput = z.input<typeof evaluationRequest>;

export const LOSSES = ['zero_one', 'log', 'absolute', 'squared'] as const;
export type LossName = (typeof LOSSES)[number];
export const DISCOVER_MODES = ['loss', 'worsening', 'overconfident', 'underconfident'] as const;
/** What is searched: rows with much loss; rows where the candidate got worse than the baseline; rows whose probability is too high, or too low. */
export type DiscoverMode = (typeof DISCOVER_MODES)[number];

/** The search for slices over an evaluation that is there. */
export const discoverSettings = z.object({
  mode: z.enum(DISCOVER_MODES).default('loss'),
  /** zero_one for classes, absolute for numbers, unless given */
  loss: z.enum(LOSSES).optional(),
  topK: z.number().int().min(1).max(1000).default(10),
  depth: z.number().int().min(1).max(4).default(2),
  /** rows; 1 % of them and at least 30 unless given */
  minSupport: z.number().int().min(1).optional(),
  alpha: z.number().gt(0).lte(1).default(0.95),
  /** all but label, id and what is different in nearly every row, unless named; `edges` for numbers: bins are (lo, hi] */
  columns: z.array(z.object({ column, edges: z.array(z.number()).optional() })).optional(),
  /** of each numeric column without edges: by quantiles */
  bins: z.number().int().min(2).max(64).default(5),
  /** false: search all rows and check nothing, as SliceLine itself does */
  check: z.boolean().default(true),
  level: z.number().gt(0).lt(1).default(0.05),
  seed: z.number().int().min(0).default(0),
});
export type DiscoverSettings = z.output<typeof discoverSettings>;

/** Rows of an evaluation: a slice by its name, or a predicate, or all; narrowed by what was brushed. */
export const selection = z.object({
  slice: z.string().optional(), where: z.string().optional(), split: z.string().optional(),
  /** these examples only, by their stable ids */
  ids: z.array(z.string()).optional(),
  /** of the rows that could be scored: ranges [from, to] of a column, of the score (probability of the positive class, or of the predicted one), of the residual or of the loss */
  brush: z.array(z.object({ of: z.enum(['column', 'score', 'residual', 'loss']), column: column.optional(), from: z.number().optional(), to: z.number().optional(), values: z.array(z.string()).optional() })).default([]),
  /** one cell of the confusion matrix, or a kind of flip against the baseline */
  truth: z.string().optional(), predicted: z.string().optional(),
  flip: z.enum(['broken', 'fixed', 'any']).optional(),
});
export type Selection = z.input<typeof selection>;
