/** An evaluation's folder, written: its rows first, its document last, so that a folder with a document is whole. */
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import { writeScored } from './saved';
import type { Scored } from './scored';

export const documentFile = 'evaluation.json';

/** Gives the document back as it can be read again: what isn't finite is null. */
export async function save(folder: string, doc: EvaluationDoc, scored: Scored): Promise<EvaluationDoc> {
  await writeScored(folder, scored);
  const text = pretty(doc);
  const beside = path.join(folder, `${documentFile}.part`);
  await writeFile(beside, text);
  await rename(beside, path.join(folder, documentFile));
  return JSON.parse(text) as EvaluationDoc;
}

/** Indented, but lists of numbers and short records in one line. */
export function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 1).replace(/\[\s+(?:(?:-?[\d.]+(?:e[-+]?\d+)?|null),\s+)*(?:-?[\d.]+(?:e[-+]?\d+)?|null)\s+\]/g, (list) => list.replace(/\s+/g, ''))}\n`;
}
