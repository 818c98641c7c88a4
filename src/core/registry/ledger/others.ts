/** Other clones' chains, as they lie in folders that git or a shared disk fills. Read only. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { systemCode } from '../../base/errors';
import { readChainFile } from './chain-file';
import { takeIn, type Intake } from './intake';

const CHAIN = /^([0-9a-f]{16})\.jsonl$/;

/** The chains of a folder: path and clone of each; none where the folder isn't there. */
export function chainFiles(folder: string): { clone: string; file: string }[] {
  try {
    return readdirSync(folder).sort().flatMap((name) => {
      const clone = CHAIN.exec(name)?.[1];
      return clone === undefined ? [] : [{ clone, file: path.join(folder, name) }];
    });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return [];
    throw error;
  }
}

interface Known { stamp: string; /** up to where it was read, in bytes */ whole: number }

export interface OtherChains { /** How many entries were new. Reads only files that have changed, and of one that grew only what is new. */ refresh(folders: readonly string[]): number }

/** `own`: a file that is nobody else's, left out. */
export function createOthers(intake: Intake, own: string): OtherChains {
  const files = new Map<string, Known>();
  const refreshOne = (file: string, clone: string): number => {
    const stamp = stampOf(file);
    const known = files.get(file);
    if (stamp === null || stamp.text === known?.stamp) return 0;
    const grown = known !== undefined && stamp.size >= known.whole && known.whole > 0 ? readChainFile(file, known.whole) : null;
    let count = grown ? takeIn(intake, clone, grown.lines) : 0;
    let whole = grown?.whole ?? 0;
    // What is added fits behind what was read, or the file is another one than it was.
    if (!grown || count !== grown.lines.length) {
      const all = readChainFile(file);
      count += all ? takeIn(intake, clone, all.lines) : 0;
      whole = all?.whole ?? 0;
    }
    files.set(file, { stamp: stamp.text, whole });
    return count;
  };
  return {
    refresh: (folders) => folders.flatMap(chainFiles).filter(({ file }) => file !== own).reduce((sum, { file, clone }) => sum + refreshOne(file, clone), 0),
  };
}

/** What changes when a file is written or put in another's place; null where it is gone by now. */
function stampOf(file: string): { text: string; size: number } | null {
  try {
    const { size, mtimeMs, ino } = statSync(file);
    return { text: `${size} ${mtimeMs} ${ino}`, size };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
