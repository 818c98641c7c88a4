/** Evaluators for tests: the bundle as it is now, and folders that go away. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { silentLog } from '../../../../../src/core/base/log';
import { createEvaluator, type Evaluator, type EvaluatorOptions } from '../../../../../src/core/evaluation/process/evaluator';
import type { JobParams } from '../../../../../src/core/evaluation/process/jobs';
import { evaluationRequest, type EvaluationInput } from '../../../../../src/protocol/evaluation/request';

const root = path.resolve(import.meta.dirname, '../../../../..');
export const reference = path.join(root, 'test/fixtures/reference');

export interface Lab {
  workspace: string;
  script: string;
  evaluator(options?: Partial<EvaluatorOptions>): Evaluator;
  /** params of a job with folders of its own */
  job(request: EvaluationInput): JobParams<'evaluate'>;
  /** what lies in the folder of a job */
  left(params: JobParams<'evaluate'>): string[];
  dispose(): void;
}

export function lab(): Lab {
  const workspace = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runyard-evaluator-')));
  const script = path.join(inject('programs'), 'evaluator.js');
  const made: Evaluator[] = [];
  let jobs = 0;
  return {
    workspace, script,
    evaluator(options = {}) {
      const evaluator = createEvaluator({ script, log: silentLog, ...options });
      made.push(evaluator);
      return evaluator;
    },
    job(request) {
      const [folder, temp] = ['folder', 'temp'].map((name) => path.join(workspace, `${name}-${jobs}`)) as [string, string];
      jobs++;
      mkdirSync(folder);
      mkdirSync(temp);
      return { workspace, python: null, temp, folder, id: '0'.repeat(32), created: Date.UTC(2026, 0, 1), looks: 0, request: evaluationRequest.parse(request) };
    },
    left: ({ folder }) => readdirSync(folder),
    dispose() {
      for (const evaluator of made) evaluator.dispose();
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

/** A question that is answered in about a second: 50,000 rows of the largest reference case. */
export const carLoan = (over: Partial<EvaluationInput> = {}): EvaluationInput => ({
  model: { file: path.join(reference, 'p4_large_car_loan/model.onnx') }, data: { files: [path.join(reference, 'p4_large_car_loan/current.parquet')] }, label: 'repaid', replicates: 100, ...over,
});
