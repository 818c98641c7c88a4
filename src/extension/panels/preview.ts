/**
 * What a cell that holds a path shows: a picture or the start of a text. The path comes from the data, so a stranger may have written it: only
 * regular files that really lie (links followed) in the workspace or beside the data are read, of the kinds that are shown, and no large ones.
 */
import { open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../core/base/errors';
import type { EvaluationHostResults } from '../../protocol/evaluation/panel';

export type Preview = EvaluationHostResults['host.preview'];

/** By the file name's end; anything else isn't shown. */
const IMAGES: Readonly<Record<string, string>> = {
  '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif', '.webp': 'image/webp', '.bmp': 'image/bmp', '.svg': 'image/svg+xml', '.avif': 'image/avif',
};
const TEXTS = new Set(['.txt', '.md', '.json', '.jsonl', '.csv', '.tsv', '.xml', '.html', '.log', '.srt', '.vtt']);
export const MOST_IMAGE_BYTES = 8_000_000;
export const MOST_TEXT_BYTES = 64_000;

const none = (why: string): Preview => ({ kind: 'none', why });

/**
 * @param named as the cell has it: absolute, or relative to one of the roots
 * @param roots absolute folders in which files may lie, in the order in which they are tried
 */
export async function previewFile(named: string, roots: readonly string[]): Promise<Preview> {
  const kind = path.extname(named).toLowerCase();
  const mime = IMAGES[kind];
  if (mime === undefined && !TEXTS.has(kind)) return none(kind === '' ? 'no kind of file that is shown' : `${kind} files are not shown`);
  const found = await findInside(named, roots);
  if (typeof found !== 'string') return none(found.why);
  const { size } = await stat(found);
  if (mime !== undefined && size > MOST_IMAGE_BYTES) return none(`too large: ${(size / 1e6).toFixed(0)} MB, at most ${MOST_IMAGE_BYTES / 1e6} MB are shown`);
  const bytes = await firstBytes(found, mime === undefined ? MOST_TEXT_BYTES : size);
  if (mime !== undefined) return { kind: 'image', url: `data:${mime};base64,${bytes.toString('base64')}` };
  const cut = size > bytes.length;
  if (bytes.includes(0)) return none('no text');
  // A character that the cut went through is left away.
  return { kind: 'text', text: new TextDecoder('utf-8').decode(bytes, { stream: cut }), cut };
}

/** The real path of a regular file in one of the roots, or why there is none. */
export async function findInside(named: string, roots: readonly string[]): Promise<string | { why: string }> {
  if (named.includes('\0')) return { why: 'no path' };
  let outside = false;
  for (const root of roots) {
    const real = await realOf(path.resolve(root, named));
    if (real === undefined) continue;
    const within = await inAny(real, roots);
    outside ||= !within;
    if (within && (await stat(real)).isFile()) return real;
  }
  return { why: outside ? 'it lies outside of the workspace and of the data\u2019s folder' : 'there is no such file' };
}

async function inAny(real: string, roots: readonly string[]): Promise<boolean> {
  for (const root of roots) {
    const folder = await realOf(root);
    // The root of the disk would be everything.
    if (folder === undefined || path.dirname(folder) === folder) continue;
    const relative = path.relative(folder, real);
    if (relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)) return true;
  }
  return false;
}

/** Links followed; nothing where there is no such thing or it can't be reached. */
async function realOf(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'].includes(systemCode(error))) return undefined;
    throw error;
  }
}

async function firstBytes(file: string, most: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(most);
    let filled = 0;
    while (filled < most) {
      const { bytesRead } = await handle.read(buffer, filled, most - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
