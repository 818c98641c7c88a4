/** A function of a person's, named as FILE.py:FUNCTION or FILE.mjs:FUNCTION, in the workspace and nowhere else. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError } from '../../../base/errors';

/** `seconds`: how long one call may take (300 unless given). */
export interface CustomPlace { workspace: string; python: string | null; signal?: AbortSignal | undefined; seconds?: number | undefined }

/** `file`: absolute, links followed. `shown`: as it was written. */
export interface CustomFunction { file: string; name: string; shown: string; language: 'python' | 'javascript' }

const endings: Readonly<Record<string, CustomFunction['language']>> = { '.py': 'python', '.mjs': 'javascript', '.js': 'javascript', '.cjs': 'javascript' };
const identifier = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/**
 * Finds the file. Throws bad_input where the text isn't FILE:FUNCTION or the language is another one than asked for, not_found without such a file,
 * refused where the file (links followed) lies outside the workspace.
 */
export async function findFunction(text: string, workspace: string, only?: CustomFunction['language']): Promise<CustomFunction> {
  const form = only === 'python' ? 'FILE.py:FUNCTION' : 'FILE.py:FUNCTION or FILE.mjs:FUNCTION';
  const cut = text.lastIndexOf(':');
  const [written, name] = [text.slice(0, Math.max(cut, 0)), text.slice(cut + 1)];
  const language = endings[path.extname(written).toLowerCase()];
  if (!language || (only && language !== only) || !identifier.test(name)) throw new RunyardError('bad_input', `'${text}' names no function`, `write it as ${form}, such as checks.py:is_vip`);
  const file = path.resolve(workspace, written);
  const [root, real] = await Promise.all([realpath(workspace), realpath(file).catch(() => null)]);
  if (real === null || !(await stat(real)).isFile()) throw new RunyardError('not_found', `${text}: there is no file ${written} in the workspace`, 'the file is looked for from the workspace folder');
  const inside = path.relative(root, real);
  if (inside === '' || inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) throw new RunyardError('refused', `${text}: the file lies outside the workspace`, 'only code of the workspace is run: copy it there');
  return { file: real, name, shown: written, language };
}

/** What went wrong in a person's function. `line`: in their file, where it is known. */
export interface CustomFault { what: string; line: number | null }

/** How a person's functions are called: what somebody whose function failed wants to know. */
export const CALLED = {
  python: 'it is called as f(y_true, y_pred), with y_score and rows where it has parameters of these names',
  javascript: 'it is called as f(truth, predicted, score, rows)',
  tagger: 'it is called as f(rows) with a list of rows, each a dict by column, and returns a list with True or False for each',
} as const;

/** 'metric profit: metrics.py line 3: ZeroDivisionError: division by zero'. */
export function faultOf(of: string, { shown, called }: Pick<CustomFunction, 'shown'> & { called: keyof typeof CALLED }, { what, line }: CustomFault): RunyardError {
  return new RunyardError('bad_input', `${of}: ${shown}${line === null ? '' : ` line ${line}`}: ${what}`, `mend the function: ${CALLED[called]}`);
}
