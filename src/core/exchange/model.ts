/**
 * What MLflow can hold, in one neutral form between whoever has it (a folder, a database, a server) and whoever takes it.
 * Times are milliseconds since the epoch, as MLflow has them; numbers may be NaN and infinite. Ids are the source's.
 */
import type { Readable } from 'node:stream';
import type { Disposable } from '../base/disposable';
import type { Json } from './json';

export type Tags = Record<string, string>;
export type Lifecycle = 'active' | 'deleted';
export const RUN_STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
export const MODEL_STATUSES = ['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED'] as const;
export type ModelStatus = (typeof MODEL_STATUSES)[number];

export interface Experiment { id: string; name: string; lifecycle: Lifecycle; created: number | null; updated: number | null; tags: Tags }

export interface DatasetUse { name: string; digest: string; sourceType: string; source: string; schema: string | null; profile: string | null; tags: Tags }

export interface Run {
  id: string; experiment: string; name: string; user: string; status: RunStatus; start: number | null; end: number | null; lifecycle: Lifecycle;
  /** where its files lie; '' where nobody said */
  artifacts: string;
  params: Tags; tags: Tags; datasets: DatasetUse[];
  /** ids of logged models that it read */
  modelInputs: string[]; modelOutputs: { model: string; step: number }[];
}

export interface Point { key: string; value: number; time: number; step: number }
export interface MeasuredOn { name: string; digest: string }
/** A figure that a run measured of a logged model. */
export interface ModelPoint extends Point { run: string; dataset: MeasuredOn | null }

export interface LoggedModel {
  id: string; experiment: string; name: string; type: string; status: ModelStatus; statusMessage: string; sourceRun: string;
  created: number | null; updated: number | null; lifecycle: Lifecycle; artifacts: string; params: Tags; tags: Tags; metrics: ModelPoint[];
}

export interface ModelVersion {
  name: string; version: number; created: number | null; updated: number | null; description: string; user: string; stage: string;
  source: string; run: string; model: string; runLink: string; status: string; statusMessage: string; tags: Tags;
}
export interface RegisteredModel {
  name: string; created: number | null; updated: number | null; description: string; tags: Tags;
  /** alias → version */
  aliases: Record<string, number>;
  versions: ModelVersion[];
}

/** `info` is MLflow's trace info as its REST interface (3.0) writes it; `spans` are as in its traces.json, ids in base64. */
export interface Trace { id: string; experiment: string; info: { [key: string]: Json }; spans: { [key: string]: Json }[]; artifacts: string }

/** Rows for mlflow.genai's evaluation; `doc` and `records` are as its REST interface gives them. */
export interface EvaluationDataset { id: string; name: string; experiments: string[]; tags: Tags; doc: { [key: string]: Json }; records: { [key: string]: Json }[] }

/** A file; `open` may be called again after a failure. */
export interface Artifact { path: string; size: number | null; open(signal?: AbortSignal): Promise<Readable> }
export type Owner = { kind: 'run'; of: Run } | { kind: 'model'; of: LoggedModel } | { kind: 'trace'; of: Trace };

/** Says that something of the source can't be read: its place (a path, an id) and why. The rest goes on. */
export type Fault = (where: string, why: string) => void;

/** Where things come from. Everything is read lazily; may be asked more than once. Throws RunyardError where nothing at all can be read. */
export interface Source extends Disposable {
  readonly title: string;
  experiments(): AsyncIterable<Experiment>;
  /** Active and deleted ones. */
  runs(experiment: Experiment): AsyncIterable<Run>;
  /** The whole history, in batches. */
  points(run: Run): AsyncIterable<Point[]>;
  models(experiment: Experiment): AsyncIterable<LoggedModel>;
  traces(experiment: Experiment): AsyncIterable<Trace>;
  registered(): AsyncIterable<RegisteredModel>;
  evaluationDatasets(): AsyncIterable<EvaluationDataset>;
  artifacts(owner: Owner): AsyncIterable<Artifact>;
  /** What the source holds and none of the above brings: in plain words, for the report. */
  leftOut(): Promise<string[]>;
}

/** made: it wasn't there; completed: it was there, not whole; same: nothing to do. */
export type Outcome = 'made' | 'completed' | 'same';
export interface RunContents { points(): AsyncIterable<Point[]>; artifacts(): AsyncIterable<Artifact> }
export interface Files { artifacts(): AsyncIterable<Artifact> }

/**
 * Where things go. Whatever is put again changes nothing; what was put half is completed. Called in this order: experiments, their runs, their models,
 * links of runs and models, registered models, traces, evaluation datasets, finish.
 */
export interface Sink extends Disposable {
  readonly title: string;
  putExperiment(experiment: Experiment): Promise<Outcome>;
  putRun(run: Run, contents: RunContents, tally: Tally): Promise<Outcome>;
  putModel(model: LoggedModel, contents: Files, tally: Tally): Promise<Outcome>;
  /** The models that a run read and made; after all runs and models of all experiments. */
  linkRun(run: Run): Promise<void>;
  putRegistered(model: RegisteredModel, fault: Fault): Promise<Outcome>;
  putTrace(trace: Trace, contents: Files, tally: Tally): Promise<Outcome>;
  putEvaluationDataset(dataset: EvaluationDataset): Promise<Outcome>;
  /** What can only be done at the end: references that went ahead of what they name, things to throw away. Returns what it can't take, in plain words. */
  finish(fault: Fault): Promise<string[]>;
}

/** Counts while something long is copied; throws cancelled where the person asked to stop. */
export interface Tally { points(count: number): void; file(path: string, bytes: number): void; fault: Fault }
