/** What a model is, as SHA-256 in hex: other bytes, another model. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';

/** Of a file's bytes; of a folder, of the names and bytes of all files in it. Throws not_found where there is nothing. */
export async function digestOfPath(path: string): Promise<string> {
  const hash = createHash('sha256');
  const files = await filesIn(path);
  for (const name of files) {
    if (name !== '') hash.update(`${name}\0`);
    await addFile(hash, name === '' ? path : join(path, name));
  }
  return hash.digest('hex');
}

/** Of an ONNX file's bytes, and of the files with weights beside it where there are any. Throws not_found naming one that isn't there. */
export async function digestOfOnnx(file: string, external: readonly string[]): Promise<string> {
  const own = await digestOfPath(file);
  if (external.length === 0) return own;
  const beside: string[] = [];
  for (const name of [...external].sort()) beside.push(name, await digestOfPath(join(dirname(file), name)));
  return digestOfTexts(own, ...beside);
}

/** Of a command: its words, and the bytes of what among them are files of the workspace: another script, another model. */
export async function digestOfCommand(command: readonly string[], workspace: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(command));
  for (const word of command) {
    const path = resolve(workspace, word);
    if (await isFile(path)) await addFile(hash.update(`\0${word}\0`), path);
  }
  return hash.digest('hex');
}

/** Of texts that say it all, one after the other. */
export const digestOfTexts = (...texts: readonly string[]): string => createHash('sha256').update(JSON.stringify(texts)).digest('hex');

/** '' for a file; names relative to the folder, sorted, with '/' between; links are followed as what they point to. */
async function filesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') throw new RunyardError('not_found', `there is no model ${path}`, 'give the path of an .onnx file, or of a folder of an MLflow model');
    throw error;
  });
  if (!found.isDirectory()) return [''];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1).replaceAll('\\', '/'));
  return names.filter((name) => !name.split('/').includes('__pycache__')).sort();
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return false;
  }
}

async function addFile(hash: Hash, path: string): Promise<void> {
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Buffer);
}
