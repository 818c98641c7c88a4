/** A workspace with models, data and a runyard.yaml, as somebody who evaluates has it. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineClient } from '../../../../../src/engine/client/client';
import type { MethodResults } from '../../../../../src/protocol/engine';

const fixtures = path.resolve(import.meta.dirname, '../../../../fixtures/reference');

export const YAML = `# mine, to stay
version: 1
evaluations:
  clinic:
    model: out/model.onnx
    data: data/current.csv
    label: benign   # what it is
    positive: 1
    replicates: 200
    thresholds: {accuracy: {min: 0.8}}
slices:
  south:
    where: clinic = 'south'
    owner: ana
    thresholds: {accuracy: {min: 0.5}}
`;

/** Copies the smallest reference case into a workspace. */
export function fill(workspace: string, yaml = YAML): void {
  for (const [from, to] of [['model.onnx', 'out/model.onnx'], ['current.csv', 'data/current.csv'], ['reference.csv', 'data/train.csv']] as const) {
    mkdirSync(path.dirname(path.join(workspace, to)), { recursive: true });
    copyFileSync(path.join(fixtures, 'p1_binary_breast_cancer', from), path.join(workspace, to));
  }
  writeFileSync(path.join(workspace, 'runyard.yaml'), yaml);
}

let job = 0;
export const nextJob = (): string => `job-${++job}`;

/** Evaluates the configured evaluation, with what is said besides. */
export const evaluate = (client: EngineClient, request: Record<string, unknown> = {}, configured = 'clinic'): Promise<MethodResults['evaluations.run']> =>
  client.request('evaluations.run', { job: nextJob(), configured, request });
