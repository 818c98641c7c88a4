import { describe, expect, test } from 'vitest';
import { RunyardError } from '../../../../../src/core/base/errors';
import { changesBetween, type Known } from '../../../../../src/core/registry/moves/changes';
import type { EvaluationDoc } from '../../../../../src/protocol/evaluation/result';
import type { VersionFacts } from '../../../../../src/protocol/registry';
import { sampleEvaluation } from '../../../../support/evaluation-doc';

const known = (version: number): Known => ({ version, facts: { files: [{ path: 'model.onnx', digest: `d${version}`, size: 1 }] } as unknown as VersionFacts });
/** An evaluation of a version, against another one where that is given. */
function doc(id: string, version: number, baseline: number | null, more: Partial<EvaluationDoc> = {}): EvaluationDoc {
  const sample = sampleEvaluation();
  return { ...sample, id, model: { ...sample.model, digest: `d${version}` }, baseline: baseline === null ? null : { ...sample.model, digest: `d${baseline}` }, ...more };
}
const kept = (...docs: EvaluationDoc[]) => ({
  list: () => docs.map(({ id, model, created }) => ({ id, modelDigest: model.digest, created }) as never),
  get: (id: string) => {
    const found = docs.find((one) => one.id === id);
    return found ? Promise.resolve(found) : Promise.reject(new RunyardError('not_found', 'gone', ''));
  },
});
const between = (evaluating: ReturnType<typeof kept>, from: number | null, to: number) => changesBetween(evaluating, [], { model: 'loan', from: from === null ? null : known(from), to: known(to) });

describe('changes by slice', () => {
  test('are of one evaluation that has both, the new one against the old one', async () => {
    expect(await between(kept(doc('a', 2, 1), doc('b', 1, null)), 1, 2)).toEqual({
      metric: 'accuracy', fromValue: 0.85, toValue: 0.89,
      changes: [{ slice: 'empty', metric: 'accuracy', from: null, to: null, n: 0 }, { slice: 'north', metric: 'accuracy', from: 0.88, to: 0.8, n: 100 }],
    });
  });

  test('are turned around for a way back', async () => {
    expect(await between(kept(doc('a', 2, 1), doc('b', 1, null)), 2, 1)).toMatchObject({ fromValue: 0.89, toValue: 0.85, changes: [{}, { slice: 'north', from: 0.8, to: 0.88 }] });
  });

  test('are of two evaluations where both are of the same data and slices', async () => {
    const other = doc('b', 1, null, { overall: { ...sampleEvaluation().overall, figures: { accuracy: 0.7 } as never } });
    expect(await between(kept(doc('a', 2, null), other), 1, 2)).toMatchObject({ fromValue: 0.7, toValue: 0.89, changes: [{}, { slice: 'north', from: 0.8, to: 0.8 }] });
    expect(await between(kept(doc('a', 2, null), { ...other, slicesVersion: 'others' }), 1, 2)).toMatchObject({ fromValue: null, toValue: 0.89, changes: [] });
  });

  test('are none where nothing is kept, or what was kept is gone', async () => {
    const none = { metric: null, fromValue: null, toValue: null, changes: [] };
    expect(await between(kept(), 1, 2)).toEqual(none);
    expect(await between({ ...kept(doc('a', 2, null)), get: () => Promise.reject(new RunyardError('not_found', 'gone', '')) }, 1, 2)).toEqual(none);
    expect(await between(kept(doc('a', 2, null)), null, 2)).toMatchObject({ metric: 'accuracy', toValue: 0.89, changes: [] });
  });
});
