/** Whether files are the ones that were read: cheap enough to ask before each question. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { systemCode } from '../base/errors';

/** Changes when one of them is written, comes, goes, or is put in another's place. Never throws. */
export function stampOf(folder: string, files: readonly string[]): string {
  return files.map((file) => {
    try {
      const { size, mtimeNs, ctimeNs, ino } = statSync(path.join(folder, file), { bigint: true });
      return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
    } catch (error) {
      return systemCode(error);
    }
  }).join('\n');
}
