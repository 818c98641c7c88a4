/** Reading the files of MLflow's file store. */
import { createReadStream, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import * as z from 'zod';
import { describeError, RunyardError, systemCode } from '../../base/errors';
import { objectOf, type JsonObject } from '../json';
import type { Artifact, Fault, Tags } from '../model';

export const META = 'meta.yaml';

/** The names in a folder, sorted; none where it isn't there. */
export function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return [];
    throw error;
  }
}

/** The folders in a folder that hold a file of that name. */
export const foldersWith = (folder: string, file: string): string[] =>
  names(folder).map((name) => path.join(folder, name))
    .filter((one) => lstatSync(one, { throwIfNoEntry: false })?.isDirectory() && lstatSync(path.join(one, file), { throwIfNoEntry: false })?.isFile());

/**
 * Every scalar as the text it was written as, whatever it looks like, except a bare null: YAML's own guesses would make a number of the run
 * name `1e5`. Throws bad_input with the path where it isn't YAML, or ends early, or isn't what the schema says.
 */
export function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  const document = parseDocument(readFileSync(file, 'utf8'), { schema: 'failsafe', strict: true });
  const [fault] = document.errors;
  if (fault) throw new RunyardError('bad_input', `${file}: ${fault.message.split('\n')[0]}`);
  const parsed = schema.safeParse(plain(document.contents));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RunyardError('bad_input', `${file}: ${issue?.path.join('.') || 'its contents'}: ${issue?.message ?? 'not as MLflow writes it'}`);
}

function plain(node: unknown): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : String(key as Node), plain(value)]));
  if (isSeq(node)) return node.items.map(plain);
  if (!isScalar(node)) return null;
  return node.type === 'PLAIN' && ['', '~', 'null', 'Null', 'NULL'].includes(String(node.value ?? '')) ? null : String(node.value ?? '');
}

/** A field that may be absent or null: ''. */
export const word = z.string().nullish().transform((value) => value ?? '');
/** Whole milliseconds; null where it isn't there. */
export const moment = z.union([z.string().regex(/^-?\d+(\.\d+)?$/), z.null(), z.literal('')]).optional().transform((value) => (value ? Math.round(Number(value)) : null));
export const texts = z.record(z.string(), z.string().nullable().transform((value) => value ?? '')).nullish().transform((value) => value ?? {});

/** Files below a folder by their path with '/': a key such as `val/acc` lies in a folder of its own. */
export function keyFiles(folder: string, below = ''): string[] {
  return names(path.join(folder, below)).flatMap((name) => {
    const key = below ? `${below}/${name}` : name;
    const found = lstatSync(path.join(folder, key), { throwIfNoEntry: false });
    return found?.isDirectory() ? keyFiles(folder, key) : found?.isFile() ? [key] : [];
  });
}

/** The values of params/ or tags/: key → the file's whole text. */
export const readValues = (folder: string): Tags => Object.fromEntries(keyFiles(folder).map((key) => [key, readFileSync(path.join(folder, key), 'utf8')]));

/** Every file below a folder. Links are told and left out: they may lead anywhere. */
export async function* filesBelow(folder: string, fault: Fault, below = ''): AsyncGenerator<Artifact> {
  let entries;
  try {
    entries = await readdir(path.join(folder, below), { withFileTypes: true });
  } catch (error) {
    if (below === '' && systemCode(error) === 'ENOENT') return;
    return fault(path.join(folder, below), describeError(error));
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const relative = below ? `${below}/${entry.name}` : entry.name;
    const file = path.join(folder, relative);
    if (entry.isDirectory()) yield* filesBelow(folder, fault, relative);
    else if (entry.isFile()) yield { path: relative, size: (await stat(file)).size, open: () => Promise.resolve(createReadStream(file)) };
    else fault(file, 'is a link or a special file, which is not copied');
  }
}

/** Reads one thing; what can't be read is told and left out. */
export function attempt<T>(where: string, fault: Fault, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const text = describeError(error);
    fault(where, text.startsWith(`${where}: `) ? text.slice(where.length + 2) : text);
    return undefined;
  }
}

/** YAML with its kinds (numbers, truths), for what holds values of a user's own. */
export function readTyped(file: string): JsonObject {
  const document = parseDocument(readFileSync(file, 'utf8'), { version: '1.1', schema: 'core' });
  const [fault] = document.errors;
  if (fault) throw new RunyardError('bad_input', `${file}: ${fault.message.split('\n')[0]}`);
  return objectOf(document.toJS());
}
