import type { Check, EvaluationDoc, EvaluationSummary, EvaluationTest } from '../../src/protocol/evaluation/result';

/** A passing slice of which only what matters to a test is said. */
export function evaluationTest(over: Partial<EvaluationTest> = {}): EvaluationTest {
  return {
    id: 'car-loan/slice/young', kind: 'slice', name: 'young', evaluation: 'car-loan', file: 'runyard.yaml', line: 12, outcome: 'pass', message: '', duration: 1.5,
    history: [], ...over,
  };
}

export function evaluationSummary(over: Partial<EvaluationSummary> = {}): EvaluationSummary {
  return {
    id: 'e1', name: 'car-loan', created: 1_000_000, model: 'model.onnx', modelDigest: 'm', baseline: null, data: 'test.csv', dataDigest: 'd', rows: 2000, task: 'binary',
    metric: 'accuracy', value: 0.874, low: 0.86, high: 0.89, outcome: 'pass', slices: 0, failing: 0, run: null, slicesVersion: 'v', ...over,
  };
}

export const check = (over: Partial<Check> = {}): Check =>
  ({ metric: 'accuracy', min: 0.8, max: null, value: 0.7, low: 0.65, high: 0.75, outcome: 'fail', reason: '', ...over });

/** The parts of an evaluation that messages are made from. */
export function evaluationDoc(over: Partial<EvaluationDoc>): EvaluationDoc {
  const bare: Partial<EvaluationDoc> = { id: 'e1', name: 'car-loan', slices: [], pinned: [], reasons: [], warnings: [], baseline: null, main: { metric: 'accuracy', goal: 'maximize' } };
  return { ...bare, ...over } as EvaluationDoc;
}
