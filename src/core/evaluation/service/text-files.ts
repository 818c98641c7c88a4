/** Files of the workspace that a person also edits: read whole, put in place by a rename. */
import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';

/** '' where there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** Keeps the file's rights, and a link to it. Throws disk_full, refused. */
export function replaceText(file: string, text: string): void {
  const target = real(file);
  const part = `${target}.${process.pid}.part`;
  try {
    writeFileSync(part, text, { flush: true });
    const mode = modeOf(target);
    if (mode !== null) chmodSync(part, mode);
    renameSync(part, target);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOSPC') throw new RunyardError('disk_full', `no space to write ${path.basename(file)}`, 'free some space on the disk of the workspace', { cause: error });
    throw new RunyardError('refused', `${file} can't be written (${code})`, 'make the file writable', { cause: error });
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

function modeOf(file: string): number | null {
  try {
    return statSync(file).mode;
  } catch {
    return null; // not there yet
  }
}
