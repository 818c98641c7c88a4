/** Runs the Python checks of checks/ in the environment of the pinned MLflow client, and reads what came of each. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { venvPython } from '../../../scripts/lib/paths.mjs';
import { mlflowVenvDir } from '../../../scripts/lib/venv.mjs';

const folder = path.join(import.meta.dirname, 'checks');

/** `id` is pytest's: file::function[case]. Without an outcome it was only collected. */
export interface Check { id: string; outcome?: 'passed' | 'failed' | 'skipped'; text?: string; seconds?: number }
export interface Checked { checks: Map<string, Check>; status: number | null; output: string }

/** Variables of the person's own MLflow set-up must not decide where the checks go. */
const cleanEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_') && !name.startsWith('PYTEST_')));

/** One pytest process over the arguments; an outcome that failed stays failed. */
export async function pytest(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Checked> {
  const python = venvPython(mlflowVenvDir);
  if (!existsSync(python)) throw new Error(`there is no ${python}: "npm test -- contract" makes it`);
  const home = mkdtempSync(path.join(os.tmpdir(), 'runyard-checks-'));
  const report = path.join(home, 'report.jsonl');
  const child = spawn(python, ['-m', 'pytest', '-p', 'report', '--tb=short', '--basetemp', path.join(home, 'tmp'), ...args], {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnv(), PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: folder, RUNYARD_REPORT: report, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output = (output + text).slice(-20_000); });
  const [status] = (await once(child, 'close')) as [number | null];
  const checks = new Map<string, Check>();
  for (const line of existsSync(report) ? readFileSync(report, 'utf8').split('\n').filter(Boolean) : []) {
    const check = JSON.parse(line) as Check;
    if (checks.get(check.id)?.outcome !== 'failed') checks.set(check.id, check);
  }
  rmSync(home, { recursive: true, force: true });
  return { checks, status, output };
}

/** Every check there is, by file; RUNYARD_CHECKS (names with blanks between) asks for some files only. */
export async function collect(): Promise<Map<string, string[]>> {
  const { checks, status, output } = await pytest(['--collect-only', ...(process.env.RUNYARD_CHECKS?.split(' ').filter(Boolean) ?? [])]);
  if (status !== 0) throw new Error(`the checks could not be collected:\n${output}`);
  const files = new Map<string, string[]>();
  for (const id of checks.keys()) {
    const file = id.split('::')[0] ?? id;
    files.set(file, [...(files.get(file) ?? []), id]);
  }
  return files;
}
