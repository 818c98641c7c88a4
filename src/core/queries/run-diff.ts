/** Two runs as pairs of texts that a diff editor can show. */
import path from 'node:path';
import type { MethodResults, TextPair } from '../../protocol/engine';
import type { DatasetRow, RunDetail } from '../../protocol/model';
import { codeTexts, type CodeState } from './git';
import { detailOf } from './runs';
import { resolve, type QueryContext } from './context';

/** Params, environment, datasets, code and command of two runs. Lines are sorted, so that only differences differ. */
export async function diffRuns(context: QueryContext, refs: { left: string; right: string }): Promise<MethodResults['runs.diff']> {
  const left = detailOf(context, resolve(context, refs.left));
  const right = detailOf(context, resolve(context, refs.right));
  const pair = (what: string, text: (run: RunDetail) => string): TextPair => named(what, left, right, { left: text(left), right: text(right) });
  return {
    params: pair('Params', ({ params }) => lines(Object.entries(params).map(([key, value]) => `${key}: ${value}`).sort())),
    environment: pair('Environment', ({ environment }) => environmentText(environment)),
    datasets: pair('Datasets', ({ datasets }) => datasets.map(datasetText).sort().join('')),
    command: pair('Command', commandText),
    code: named('Code', left, right, await codeTexts(context.workspace, stateOf(left), stateOf(right))),
  };
}

function named(what: string, left: RunDetail, right: RunDetail, texts: { left: string; right: string }): TextPair {
  return { title: `${what}: ${left.name} and ${right.name}`, leftName: left.name, rightName: right.name, ...texts };
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

export function environmentText(environment: RunDetail['environment']): string {
  const { packages, gpus, ...plain } = environment;
  const facts = Object.entries(plain).flatMap(([key, value]) => (value === undefined ? [] : `${key}: ${value}`)).sort();
  const devices = (gpus ?? []).map((gpu, at) => `gpu ${at}: ${gpu}`);
  const installed = Object.entries(packages ?? {}).map(([name, version]) => `${name}==${version}`).sort();
  return lines([...facts, ...devices, ...(installed.length > 0 ? ['', ...installed] : [])]);
}

function datasetText({ name, role, digest, path: file, rows, schema }: DatasetRow): string {
  const facts = [file && `path: ${file}`, digest && `digest: ${digest}`, rows !== null && `rows: ${rows}`].filter((text) => typeof text === 'string' && text !== '');
  const columns = (schema ?? []).map((column) => `column ${column.name}: ${column.type}`);
  return lines([`${role} ${name}`, ...[...facts, ...columns].map((text) => `  ${String(text)}`)]);
}

function commandText({ argv, cwd, script, interpreter }: RunDetail): string {
  return lines([...argv, '', `working directory: ${cwd}`, `script: ${script ?? 'none'}`, `interpreter: ${interpreter ?? 'none'}`]);
}

function stateOf(run: RunDetail): CodeState {
  const { commit, patch, folder } = run;
  return { commit, patchFile: patch === null ? null : path.join(folder, 'artifacts', patch) };
}
