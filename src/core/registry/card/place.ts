/** Where cards lie, and how they are read and written. */
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';

const MOST_BYTES = 4_000_000;

/** A version's card, relative to the workspace unless `registry: cards:` is a folder elsewhere: 'cards/loans-3.md'. What can't stand in a file's name is a '_' there. */
export function cardFile({ cards }: { cards: string }, model: string, version: number): string {
  const name = model.replace(/[^\p{L}\p{N} ._+-]/gu, '_').replace(/^\./, '_').slice(0, 100);
  return path.join(cards, `${name}-${version}.md`).replaceAll(path.sep, '/');
}

/** Null where there is none. Throws bad_input for a folder or what is too large to be a card, refused where it can't be read. */
export function readCard(file: string): string | null {
  try {
    if (statSync(file).size > MOST_BYTES) throw new RunyardError('bad_input', `${file} is too large to be a model card`, 'name a Markdown file');
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (error instanceof RunyardError) throw error;
    if (code === 'ENOENT') return null;
    if (code === 'EISDIR') throw new RunyardError('bad_input', `${file} is a folder`, 'name a Markdown file', { cause: error });
    throw new RunyardError('refused', `${file} can't be read (${code})`, 'make the file readable', { cause: error });
  }
}

/** Puts the text in place by a rename; folders are made; a link and the file's rights stay. Throws disk_full, refused; the file is as it was then. */
export function writeCard(file: string, text: string): void {
  const target = real(file);
  const part = `${target}.${process.pid}.part`;
  try {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(part, text, { flush: true });
    const mode = statSync(target, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined) chmodSync(part, mode);
    renameSync(part, target);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOSPC') throw new RunyardError('disk_full', `no space to write ${file}`, 'free some space; the card is as it was', { cause: error });
    throw new RunyardError('refused', `${file} can't be written (${code})`, 'make the file and its folder writable', { cause: error });
  } finally {
    rmSync(part, { force: true });
  }
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file; // not there yet
  }
}
