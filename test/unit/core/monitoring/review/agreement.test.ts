import { describe, expect, it } from 'vitest';
import { confusionOf } from '../../../../../src/core/evaluation/metrics/confusion';
import { cohenKappa } from '../../../../../src/core/evaluation/metrics/kappa';
import { agreementOf, kappaInterval } from '../../../../../src/core/monitoring/review/agreement';
import type { Word } from '../../../../../src/core/monitoring/feedback/reviews';
import { near } from '../../evaluation/support';

const word = (request: string, by: string, label: string | null): Word => ({ request, row: 0, judgement: label === null ? 'unsure' : 'right', answer: null, label, comment: '', source: null, seed: 0, by: { name: by, email: '' }, t: 0, prediction: null, version: null, time: null });

describe('agreement of reviewers', () => {
  it('has the interval that Fleiss, Cohen and Everitt give of their table', () => {
    const counts = confusionOf(Float64Array.from([75, 1, 4, 5, 4, 1, 0, 0, 10]), new Float64Array(3));
    const kappa = cohenKappa(counts) ?? NaN;
    near(kappa, 0.6765, 5e-5);
    const [low, high] = kappaInterval(counts, kappa) ?? [NaN, NaN];
    // The standard error that is published of it is 0.0877.
    near((high - low) / 2 / 1.959963984540054, 0.0877, 5e-5);
    near((high + low) / 2, kappa);
  });

  it('is told by pairs of people with rows in common, and names the rows on which they differ', () => {
    const found = agreementOf([
      [word('a', 'Ana', 'x'), word('a', 'Bo', 'x')], [word('b', 'Bo', 'y'), word('b', 'Ana', 'x')], [word('c', 'Ana', 'y'), word('c', 'Bo', 'y'), word('c', 'Cy', null)], [word('d', 'Ana', 'x')],
    ]);
    expect(found.reviewers).toEqual([{ name: 'Ana', rows: 4 }, { name: 'Bo', rows: 3 }, { name: 'Cy', rows: 1 }]);
    expect(found.pairs[0]).toMatchObject({ a: 'Ana', b: 'Bo', rows: 3, agreed: 2 });
    near(found.pairs[0]?.kappa, 0.4);
    expect(found.pairs).toHaveLength(3);
    expect(found.disagreed.map(({ request }) => request)).toEqual(['b', 'c']);
  });

  it('can\'t be told where all say one and the same, and has no interval where all agree', () => {
    const same = (labels: string[]) => agreementOf(labels.map((label, at) => [word(String(at), 'Ana', label), word(String(at), 'Bo', label)])).pairs[0];
    expect(same(['x', 'x', 'x'])).toMatchObject({ agreed: 3, kappa: null, interval: null });
    expect(same(['x', 'y', 'x'])).toMatchObject({ agreed: 3, kappa: 1, interval: null });
    expect(agreementOf([])).toEqual({ pairs: [], disagreed: [], reviewers: [] });
  });
});
