/** Runs into the workspace's store: by way of a folder each, which is then taken in like any other run's. */
import { existsSync, mkdirSync } from 'node:fs';
import { runSpec, type RunSpec, type SpoolEvent, type WireNumber } from '../../../protocol/spool';
import type { RunState } from '../../../protocol/model';
import { describeError, RunyardError } from '../../base/errors';
import { CLIENT_RUNNER } from '../../store/runs';
import { createRunFolder, paths } from '../../tracking/run-folder';
import type { DatasetUse, ModelPoint, Outcome, Point, Run, RunContents, RunStatus, Tally } from '../model';
import { kindOf, putFile, sizeOf } from './files';
import { modelKey, openWriter, pointKey, readSaid, spoolOf, type Said, type Writer } from './said';

export interface RunTarget {
  folder(run: string): string;
  /** seconds */
  clock(): number;
  signal?: AbortSignal;
}
export interface RunPut { run: Run; /** the experiment's name here */ experiment: string; /** MLflow's own tags, with ids as they are here */ tags: Record<string, string> }

const STATES: Readonly<Record<RunStatus, RunState>> = { RUNNING: 'running', SCHEDULED: 'queued', FINISHED: 'finished', FAILED: 'failed', KILLED: 'killed' };

/** Writes what isn't there yet. A run that is new has its spec.json last: until then nobody sees it. Throws bad_input for an id that is none of ours. */
export async function putRun(target: RunTarget, { run, experiment, tags }: RunPut, contents: RunContents, tally: Tally): Promise<Outcome> {
  if (!/^[0-9a-f]{32}$/.test(run.id)) throw new RunyardError('bad_input', `the id ${run.id} isn't 32 hexadecimal digits`);
  const folder = target.folder(run.id);
  const fresh = !existsSync(paths.spec(folder));
  if (!fresh && !isImported(folder)) return 'same';
  const said = await readSaid(folder);
  const writer = openWriter(folder);
  const start = (run.start ?? run.end ?? target.clock() * 1000) / 1000;
  try {
    if (fresh) mkdirSync(folder, { recursive: true });
    if (said.state === '') await writer.say({ e: 'state', t: start, state: run.status === 'SCHEDULED' ? 'queued' : 'running', client: true });
    await sayFacts(writer, said, { run, experiment, tags, start, fresh });
    await sayPoints(writer, said, contents.points(), tally);
    await putFiles(target, { folder, said, writer, run }, contents, tally);
    await sayEnd(writer, said, { run, start, now: target.clock() });
  } finally {
    await writer.close();
  }
  if (!fresh) return writer.count > 0 ? 'completed' : 'same';
  createRunFolder(folder, specOf(run, { experiment, tags, created: start }));
  return 'made';
}

/** A run that began here, and comes back from where it was exported to, is whole already. */
const isImported = (folder: string): boolean => existsSync(spoolOf(folder));

function specOf(run: Run, { experiment, tags, created }: { experiment: string; tags: Record<string, string>; created: number }): RunSpec {
  const parent = tags['mlflow.parentRunId'];
  return runSpec.parse({
    format: 1, runId: run.id, experiment, name: run.name || run.id.slice(0, 8), created, argv: [], source: 'import', runner: CLIENT_RUNNER,
    ...(parent && /^[0-9a-f]{32}$/.test(parent) ? { parent } : {}),
  });
}

/** MLflow's clients say 'unknown' of a run that nobody's name is known of. */
const knownUser = ({ user }: Run): boolean => user !== '' && user !== 'unknown';

interface Facts extends RunPut { start: number; fresh: boolean }

async function sayFacts(writer: Writer, said: Said, { run, experiment, tags, start, fresh }: Facts): Promise<void> {
  const named: Record<string, string> = { ...tags, ...(run.name ? { 'mlflow.runName': run.name } : {}), ...(knownUser(run) && !tags['mlflow.user'] ? { 'mlflow.user': run.user } : {}) };
  const set = Object.fromEntries(Object.entries(named).filter(([key, value]) => said.tags.get(key) !== value));
  const del = [...said.tags.keys()].filter((key) => named[key] === undefined);
  const params = Object.fromEntries(Object.entries(run.params).filter(([key, value]) => said.params.get(key) !== value));
  const edit: { name?: string; notes?: string; experiment?: string } = {};
  const notes = tags['mlflow.note.content'];
  if (run.name && (said.name ?? (fresh ? run.name : null)) !== run.name) edit.name = run.name;
  if (notes !== undefined && said.notes !== notes) edit.notes = notes;
  if ((said.experiment ?? (fresh ? experiment : null)) !== experiment) edit.experiment = experiment;
  const commit = tags['mlflow.source.git.commit'];
  if (Object.keys(set).length > 0 || del.length > 0) await writer.say({ e: 'tag', t: start, ...(Object.keys(set).length > 0 ? { set } : {}), ...(del.length > 0 ? { del } : {}) });
  if (Object.keys(params).length > 0) await writer.say({ e: 'p', t: start, p: params });
  // Said even of a new run, which its spec names already: the next import has to know what this one found.
  if (fresh && said.name === null) await writer.say({ e: 'edit', t: start, ...(run.name ? { name: run.name } : {}), experiment, ...(notes === undefined ? {} : { notes }) });
  else if (Object.keys(edit).length > 0) await writer.say({ e: 'edit', t: start, ...edit });
  if (commit && said.commit !== commit) await writer.say({ e: 'code', t: start, code: { commit, ...(tags['mlflow.source.git.branch'] ? { branch: tags['mlflow.source.git.branch'] } : {}) } });
  for (const one of run.datasets) {
    const event = datasetEvent(one, start);
    if (!said.datasets.has(JSON.stringify(event.dataset))) await writer.say(event);
  }
}

function datasetEvent(one: DatasetUse, t: number): Extract<SpoolEvent, { e: 'dataset' }> {
  const mlflow = { source_type: one.sourceType, source: one.source, ...(one.schema === null ? {} : { schema: one.schema }), ...(one.profile === null ? {} : { profile: one.profile }), tags: one.tags };
  return { e: 'dataset', t, dataset: { name: one.name || 'dataset', role: one.tags['mlflow.data.context'] ?? '', digest: one.digest, mlflow } };
}

export const wireNumber = (value: number): WireNumber => (Number.isNaN(value) ? 'NaN' : value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : value);

async function sayPoints(writer: Writer, said: Said, batches: AsyncIterable<Point[]>, tally: Tally): Promise<void> {
  for await (const batch of batches) {
    let count = 0;
    for (const { key, step, time, value } of batch) {
      const wire = wireNumber(value);
      const id = pointKey({ key, step, time, value: wire });
      // The same point twice is one.
      if (said.points.has(id)) continue;
      said.points.add(id);
      await writer.say({ e: 'm', t: time / 1000, s: step, m: { [key]: wire } });
      count += 1;
    }
    tally.points(count);
  }
}

interface Place { folder: string; said: Said; writer: Writer; run: Run }

async function putFiles(target: RunTarget, { folder, said, writer, run }: Place, contents: RunContents, tally: Tally): Promise<void> {
  const into = paths.artifacts(folder);
  for await (const file of contents.artifacts()) {
    const have = said.files.get(file.path);
    if (have !== undefined && (file.size === null || have === file.size)) continue;
    try {
      // An import that was interrupted behind the file and before its word.
      const there = file.size === null ? null : await sizeOf(into, file.path);
      const size = there !== null && there === file.size ? there : await putFile(into, file, target.signal);
      await writer.say({ e: 'artifact', t: target.clock(), path: file.path, kind: kindOf(file.path), size });
      tally.file(file.path, size);
    } catch (error) {
      if (error instanceof RunyardError && ['cancelled', 'disk_full', 'engine_unreachable'].includes(error.code)) throw error;
      tally.fault(`${file.path} of run ${run.name || run.id}`, describeError(error));
    }
  }
}

async function sayEnd(writer: Writer, said: Said, { run, start, now }: { run: Run; start: number; now: number }): Promise<void> {
  const ended = run.status !== 'RUNNING' && run.status !== 'SCHEDULED';
  const t = ended ? (run.end ?? run.start ?? start * 1000) / 1000 : start;
  const word = `${STATES[run.status]} ${t}`;
  if (said.state !== word && (ended || said.state !== '')) await writer.say({ e: 'state', t, state: STATES[run.status], client: true });
  if (said.trashed !== (run.lifecycle === 'deleted')) await writer.say({ e: 'edit', t: now, trashed: run.lifecycle === 'deleted' });
}

/** The models that a run read and made, and what it measured of them. Returns whether something was new. */
export async function linkModels(target: RunTarget, run: string, { inputs = [], outputs = [], points = [], model = '' }: Links): Promise<boolean> {
  const folder = target.folder(run);
  if (!existsSync(paths.spec(folder)) || !isImported(folder)) return false;
  const said = await readSaid(folder);
  const writer = openWriter(folder);
  const t = target.clock();
  try {
    for (const one of inputs) if (!said.models.has(modelKey('input', one, 0))) await writer.say({ e: 'model', t, io: 'input', model: one, step: 0 });
    for (const { model: one, step } of outputs) if (!said.models.has(modelKey('output', one, step))) await writer.say({ e: 'model', t, io: 'output', model: one, step });
    for (const { key, step, time, value, dataset } of points) {
      const wire = wireNumber(value);
      if (said.points.has(pointKey({ key, step, time, value: wire }, `${model} ${JSON.stringify(dataset)}`))) continue;
      await writer.say({ e: 'm', t: time / 1000, s: step, m: { [key]: wire }, model, ...(dataset ? { dataset } : {}) });
    }
  } finally {
    await writer.close();
  }
  return writer.count > 0;
}
export interface Links { inputs?: readonly string[]; outputs?: readonly { model: string; step: number }[]; points?: readonly ModelPoint[]; model?: string }
