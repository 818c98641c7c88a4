/** An evaluation that is kept, opened for a question: its record, its rows and, where features are needed, its data. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import type { Data } from '../data/types';
import type { Kept } from '../process/jobs';
import { predictionsFile, readScored } from '../run/saved';
import type { Scored } from '../run/scored';
import { lendData, type Lent } from './shared-data';

export interface Opened extends AsyncDisposable {
  doc: EvaluationDoc; scored: Scored;
  /** The data, opened when first asked for. Throws conflict where they are other than those that were evaluated. */
  data(): Promise<Data>;
}

/** Throws not_found where the folder has no evaluation, store_corrupt where it can't be read. */
export async function openKept(kept: Kept, signal?: AbortSignal): Promise<Opened> {
  const doc = await readDoc(kept.folder);
  const scored = await rowsOf(kept.folder, doc);
  let lent: Promise<Lent> | null = null;
  return {
    doc, scored,
    data: async () => (await (lent ??= sameData(doc, scored, { kept, signal }))).data,
    async [Symbol.asyncDispose]() {
      await (await lent?.catch(() => null))?.[Symbol.asyncDispose]();
    },
  };
}

export async function readDoc(folder: string): Promise<EvaluationDoc> {
  const file = path.join(folder, 'evaluation.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new RunyardError('not_found', `there is no evaluation in ${folder}`, 'it may have been deleted: evaluate again');
  });
  const corrupt = (): RunyardError => new RunyardError('store_corrupt', `${file} is no evaluation's record`, 'delete the folder and evaluate again');
  let doc: unknown;
  try {
    doc = JSON.parse(text);
  } catch {
    throw corrupt();
  }
  if (typeof doc !== 'object' || doc === null || (doc as { format?: unknown }).format !== 1) throw corrupt();
  return doc as EvaluationDoc;
}

/** Rows of the last evaluations that were asked about: a panel asks again and again. A folder that was written anew has another time. */
const recent = new Map<string, Promise<Scored>>();
const MOST_KEPT = 2;

async function rowsOf(folder: string, doc: EvaluationDoc): Promise<Scored> {
  const { mtimeMs, size } = await stat(path.join(folder, predictionsFile)).catch((): never => {
    throw new RunyardError('store_corrupt', `${folder} has no ${predictionsFile}`, 'delete the evaluation and evaluate again');
  });
  const key = `${folder}|${mtimeMs}|${size}`;
  const found = recent.get(key) ?? readScored(folder, doc);
  recent.delete(key);
  recent.set(key, found);
  for (const old of [...recent.keys()].slice(0, -MOST_KEPT)) recent.delete(old);
  try {
    return await found;
  } catch (error) {
    recent.delete(key);
    throw error;
  }
}

async function sameData({ request, data: facts }: EvaluationDoc, { rows }: Scored, { kept, signal }: { kept: Kept; signal: AbortSignal | undefined }): Promise<Lent> {
  const lent = await lendData(request.data, kept, signal);
  if (lent.data.digest === facts.digest && lent.data.rows === rows) return lent;
  await lent[Symbol.asyncDispose]();
  throw new RunyardError('conflict', `${facts.name}: the data are no longer those that were evaluated`, 'evaluate again: then features and predictions belong to the same rows');
}
