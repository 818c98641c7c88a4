import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { evaluate } from '../../../../../src/core/evaluation/run/evaluate';
import type { Kept, Watch } from '../../../../../src/core/evaluation/process/jobs';
import { evaluationRequest, type EvaluationInput } from '../../../../../src/protocol/evaluation/request';
import type { EvaluationDoc } from '../../../../../src/protocol/evaluation/result';

export const reference = path.resolve(import.meta.dirname, '../../../../fixtures/reference');
export const python = process.env.RUNYARD_PYTHON ?? 'python3';

export type Case = 'p1_binary_breast_cancer' | 'p2_multiclass_cards' | 'p3_regression_diabetes' | 'p4_large_car_loan';
/** A reference file, as far as it is read here. */
export interface CaseFile { label: string; classes?: (number | string)[]; positive?: number | string; columns: Record<string, 'float' | 'int' | 'bool' | 'string'>; sliceline: { alpha: number; k: number; max_l: number; min_sup: number; columns: { col: string; edges?: number[] }[] } }
export const readCase = (name: Case): CaseFile => JSON.parse(readFileSync(path.join(reference, name, 'case.json'), 'utf8')) as CaseFile;
export const readExpected = <T>(name: Case): T => JSON.parse(readFileSync(path.join(reference, name, 'expected.json'), 'utf8')) as T;

export interface Bench { workspace: string; place: Omit<Kept, 'folder'>; dispose(): void }

/** A workspace of its own with these files of a reference case in it. */
export function bench(name: Case, files: readonly string[]): Bench {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-questions-')));
  const workspace = path.join(folder, 'workspace');
  const temp = path.join(folder, 'temp');
  mkdirSync(workspace);
  mkdirSync(temp);
  for (const file of files) cpSync(path.join(reference, name, file), path.join(workspace, file));
  return { workspace, place: { workspace, temp, python }, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Seen { phase: string; done: number; total: number }
export function watching(): Watch & { seen: Seen[]; stop(): void } {
  const controller = new AbortController();
  const seen: Seen[] = [];
  return { signal: controller.signal, progress: (phase, done, total) => void seen.push({ phase, done, total }), seen, stop: () => controller.abort() };
}

/** Evaluates and keeps; 100 replicates are enough for what isn't about intervals. */
export async function kept({ place, workspace }: Bench, request: EvaluationInput, id = 'e1'): Promise<{ params: Kept; doc: EvaluationDoc }> {
  const folder = path.join(workspace, '.runyard', id);
  mkdirSync(folder, { recursive: true });
  const params = { ...place, folder };
  const doc = await evaluate({ ...params, id, request: evaluationRequest.parse({ replicates: 100, ...request }), created: 1_790_000_000_000, looks: 0 }, watching());
  return { params, doc };
}
