/** Registering: files first, then the record, then the ledger's entry, which makes it so. Whoever is killed in between leaves nothing that counts. */
import path from 'node:path';
import { existsSync, statSync } from 'node:fs';
import { describeError, RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import { isPrompt } from '../documents';
import { checkFolderName } from '../live/pointer';
import type { Registered, RegisterArgs, Watching } from '../types';
import type { Person, VersionFacts } from '../../../protocol/registry';
import type { KnownVersion } from './catalog';
import { lineageOf } from './lineage';
import { originOf, originOfRecord, type Origin } from './origin';
import { PENDING, type VersionParts } from './parts';
import { shareWeights } from './shared';
import { takeIn, type Taken } from './take';
import { filesOf, type FoundFile } from './walk';
import { addressOf, weightsDir } from './weights';

/** Facts but for who made it and under which licence. */
type Found = Omit<VersionFacts, 'licence' | 'author'>;

/** Throws bad_input for a name that can't be a model's, and what takeIn and originOf throw; nothing of it stays then. */
export async function register(parts: VersionParts, args: RegisterArgs, by: Person, watching: Watching): Promise<Registered> {
  const { context } = parts;
  const { model, licence } = args;
  checkFolderName('a model', model);
  refusePrompt(parts, model);
  const origin = await originOf(context, args, parts.evaluating);
  const made = await take(parts, origin, watching, (found): Omit<Registered, 'model' | 'digest'> => {
    const twin = sameBytes(parts, model, found.digest);
    if (twin) return { version: twin.version, existing: true, facts: twin.facts };
    const facts = { ...found, licence, author: by };
    return { version: commit(parts, args, facts), existing: false, facts };
  });
  const notes = await shareWeights(context, made.facts);
  context.changed([model]);
  return { model, digest: made.facts.digest, ...made, ...(notes.length > 0 && { notes }) };
}

/** Takes up a version that an MLflow client made: its files by their content, and an entry with what is known of it. */
export async function adopt(parts: VersionParts, model: string, version: number, watching: Watching): Promise<VersionFacts> {
  const { context, ledger, registry } = parts;
  refusePrompt(parts, model);
  const record = registry.version(model, version);
  const origin = originOfRecord(context, record);
  if (!existsSync(origin.root)) throw new RunyardError('not_found', `${model} version ${version} has no files here: ${path.relative(context.workspace, origin.root)} is not there`, 'they may have been deleted with their run, or never been uploaded');
  const by = await parts.identity();
  const author = record.user ? { name: record.user, email: '' } : by;
  const facts = await take(parts, origin, watching, (found): VersionFacts => {
    const taken = { ...found, licence: record.tags['licence'] ?? record.tags['license'] ?? '', author };
    ledger.append({ by, kind: 'registered', model, version, environment: null, facts: { ...taken, description: record.description ?? '', tags: record.tags } });
    return taken;
  });
  context.changed([model]);
  return facts;
}

function refusePrompt({ registry }: VersionParts, model: string): void {
  if (registry.list().some((one) => one.name === model && isPrompt(one.tags))) throw new RunyardError('refused', `'${model}' is a prompt and no model`, 'take another name for the model');
}

/** Files in place, and all that is known of them; `finish` makes it so, in one go: nothing comes in between. */
async function take<T>(parts: VersionParts, origin: Origin, watching: Watching, finish: (found: Found) => T): Promise<T> {
  const { context, arriving } = parts;
  const files = await withWeights(parts, origin, await filesOf(origin.root));
  return takeIn(files, { root: weightsDir(context.workspace), watching }, async (taken) => {
    checkEvaluated(origin, taken);
    watching.progress('reading', 0, 0);
    const signature = await signatureOf(parts, isFile(origin.root) ? path.join(taken.folder, path.basename(origin.root)) : taken.folder, origin.source.kind);
    const [only] = taken.files;
    const run = origin.run ?? (only && taken.files.length === 1 ? context.store.evaluations.runOfDigest(only.digest) : null);
    const lineage = await lineageOf(context, run, origin.evaluation);
    refuseStopped(watching.signal, 'it was stopped before it was registered');
    arriving.add(taken.digest);
    try {
      await taken.keep();
      return finish({ digest: taken.digest, files: taken.files, size: taken.size, inputs: signature?.inputs ?? [], outputs: signature?.outputs ?? [], producer: signature?.producer ?? '', source: origin.source, ...lineage });
    } finally {
      arriving.delete(taken.digest);
    }
  });
}

const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

/** An ONNX file's weights that lie in files beside it belong to it. */
async function withWeights(parts: VersionParts, { root, source }: Origin, files: FoundFile[]): Promise<FoundFile[]> {
  const [only] = files;
  if (!only || !isFile(root) || !/\.onnx$/i.test(only.path)) return files;
  const { external = [] } = await signatureOf(parts, only.file, source.kind) ?? {};
  const folder = path.dirname(only.file);
  for (const name of external) {
    const file = path.resolve(folder, name);
    if (!file.startsWith(folder + path.sep)) throw new RunyardError('refused', `${only.path} reads its weights from ${name}, outside of its folder`, 'put them beside the model');
    const [found] = await filesOf(file);
    if (found) files.push({ ...found, path: path.relative(folder, file).split(path.sep).join('/') });
  }
  return files;
}

/** Any file may be registered. One that calls itself ONNX and is none is a mistake (a pointer to one, half a download): refused, but of a client's version only told in the log. */
async function signatureOf({ context: { log }, evaluating: { signature } }: VersionParts, file: string, kind: VersionFacts['source']['kind']): ReturnType<VersionParts['evaluating']['signature']> {
  try {
    return await signature(file);
  } catch (error) {
    if (kind !== 'mlflow' && error instanceof RunyardError && error.code === 'bad_input') throw error;
    log.warn(`${path.basename(file)} can't be read as a model: ${describeError(error)}`);
    return null;
  }
}

/** What was evaluated is what is registered. Only of a single file is the digest the same one. */
function checkEvaluated({ evaluation, root }: Origin, { files }: Taken): void {
  const [only] = files;
  if (!evaluation || !only || files.length > 1 || evaluation.model.kind !== 'onnx' || !isFile(root)) return;
  if (only.digest !== evaluation.model.digest) throw new RunyardError('conflict', `${only.path} is another file than the one that was evaluated`, 'evaluate it again, then register that evaluation');
}

const sameBytes = ({ catalog }: VersionParts, model: string, digest: string): KnownVersion | undefined => catalog().all(model).find((one) => one.facts.digest === digest && !one.deleted);

/** Record, then entry: the record is pending until the entry is there. Returns the version's number. */
function commit({ context, ledger, registry, catalog }: VersionParts, { model, description, tags }: RegisterArgs, facts: VersionFacts): number {
  const number = context.store.records.together(() => {
    if (!registry.list().some(({ name }) => name === model)) registry.create(model, { description: '', tags: {} });
    const next = Math.max(registry.get(model).last, catalog().largest(model)) + 1;
    const location = addressOf(facts.digest);
    const source = facts.source.kind === 'run' ? facts.source.text : location;
    registry.addVersion(model, { number: next, source, location, run: facts.run ?? '', runLink: '', model: '', description, tags, user: facts.author.name, status: PENDING });
    return next;
  });
  try {
    ledger.append({ by: facts.author, kind: 'registered', model, version: number, environment: null, facts: { ...facts, description, tags } });
  } catch (error) {
    registry.removeVersion(model, number);
    if (number === 1 && registry.versions(model).length === 0) registry.remove(model);
    throw error;
  }
  registry.setStatus(model, number, 'READY');
  return number;
}
