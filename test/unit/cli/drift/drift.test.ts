// What `runyard drift` asks the engine, and how its report reads.
import { describe, expect, it } from 'vitest';
import { drift } from '../../../../src/cli/commands/drift';
import { driftText } from '../../../../src/cli/drift/drift-text';
import { driftAsked } from '../../../../src/cli/drift/request';
import type { Given } from '../../../../src/cli/evaluation/words';
import { parseWords } from '../../../../src/cli/parse';
import { driftRequest, type ColumnDrift, type DriftDoc } from '../../../../src/protocol/drift';

function given(line: string): Given {
  const { values, positionals, rest } = parseWords(line.split(' '), drift.options ?? {});
  return {
    cwd: '/loans', workspace: '/loans', positionals, rest, exists: () => false, text: (name) => values.get(name)?.at(-1), texts: (name) => values.get(name) ?? [], flag: (name) => values.has(name),
    whole: (name, { otherwise }) => Number(values.get(name)?.at(-1) ?? otherwise),
  };
}
const asked = (line: string): Record<string, unknown> => driftAsked(given(line));

describe('the words of drift', () => {
  it('are two data sets, with what is known of the model', () => {
    expect(asked('-r a.csv -c b.csv --multivariate --importance income=0.4,age=0.1 --label repaid')).toEqual({
      reference: { files: ['/loans/a.csv'] }, current: { files: ['/loans/b.csv'] }, multivariate: true, importance: { income: 0.4, age: 0.1 }, label: 'repaid',
    });
    expect(() => asked('-c b.csv')).toThrow('drift needs --reference FILES');
  });

  it('are two windows of one log, the one before where none is named', () => {
    const log = { files: ['/loans/log.parquet'] };
    expect(asked('-c log.parquet --time at --current-window 2026-11-08..2026-11-15')).toEqual({
      reference: { ...log, window: { column: 'at', from: '2026-11-01T00:00:00.000Z', to: '2026-11-08T00:00:00.000Z' } }, current: { ...log, window: { column: 'at', from: '2026-11-08', to: '2026-11-15' } },
    });
    expect(asked('-c log.parquet --time at --current-window 2026-11-08.. --reference-window ..2026-11-01')).toMatchObject({ reference: { window: { column: 'at', to: '2026-11-01' } }, current: { window: { column: 'at', from: '2026-11-08' } } });
    expect(asked('-r train.csv -c log.parquet --time at --current-window 2026-11-08..2026-11-15')).toEqual({ reference: { files: ['/loans/train.csv'] }, current: { ...log, window: { column: 'at', from: '2026-11-08', to: '2026-11-15' } } });
  });

  it('compare Mondays with the four Mondays before, and hours with the same hours of the week before', () => {
    expect(asked('-c log.parquet --time at --current-window 2026-11-09..2026-11-10 --cadence week')).toMatchObject({ reference: { window: { from: '2026-10-12T00:00:00.000Z', to: '2026-11-09T00:00:00.000Z', weekdays: [1] } }, current: { window: { from: '2026-11-09', to: '2026-11-10' } } });
    expect(asked('-c log.parquet --time at --current-window 2026-11-09T08:00..2026-11-09T10:30 --cadence day')).toMatchObject({ reference: { window: { from: '2026-11-02T08:00:00.000Z', to: '2026-11-09T08:00:00.000Z', hours: [8, 9, 10] } } });
    expect((asked('-c log.parquet --time at --current-window 2026-11-01..2026-11-15 --cadence week').reference as { window: object }).window).not.toHaveProperty('weekdays');
  });

  it.each([
    ['-c a.csv --cadence week', '--cadence needs to know which column tells the time'], ['-c a.csv --time at', '--time needs the window that is looked at'], ['-c a.csv --time at --current-window 2026-11-08', '--current-window 2026-11-08 is no window'],
    ['-c a.csv --time at --current-window 2026-11-08..', '--current-window 2026-11-08.. is open on a side'], ['-c a.csv --time at --current-window a..b --cadence month', '--cadence month is neither week nor day'],
  ])('%s is refused: %s', (line, message) => {
    expect(() => asked(line)).toThrow(message);
  });
});

const column = (name: string, rest: Partial<ColumnDrift>): ColumnDrift => ({ name, type: 'numeric', role: 'input', figures: { type: 'numeric', psi: 0.02, wasserstein_norm: 0.1, missing: { rate_change: 0 } }, noise: { psi_mean: 0.01, psi_95: 0.02 }, tests: [], outcome: 'pass', reason: '', ...rest });
const side = { files: ['a.csv'], rows: 100, digest: '', bytes: 1 };
const doc: DriftDoc = {
  version: 1, created: 0, duration: 1, reference: side, current: { ...side, files: ['b.csv'] }, request: driftRequest.parse({ reference: { files: ['a.csv'] }, current: { files: ['b.csv'] } }),
  columns: { calm: column('calm', { harm: 0, importance: 0.5 }), big: column('big', { figures: { type: 'numeric', psi: 3 }, outcome: 'fail', harm: 0.1, importance: 0.01, reason: 'big: distribution' }), bad: column('bad', { figures: { type: 'numeric', psi: 0.4 }, outcome: 'fail', harm: 2, importance: 0.5, reason: 'bad: distribution' }) },
  label: null, predictions: {}, schema: [], leftOut: [], drifted: ['bad', 'big'], outcome: 'fail', reasons: ['bad: distribution', 'big: distribution'],
  multivariate: [{ measure: 'pca_reconstruction', value: 2, reference: 1, lower: 0.9, upper: 1.1, p: 0, outcome: 'fail', reason: 'x', columns: [{ name: 'bad', share: 0.9 }] }, { measure: 'domain_auc', value: null, reference: null, lower: null, upper: null, p: null, outcome: 'cannot tell', reason: 'fewer than 30 rows on a side', columns: [] }],
  slices: [{ name: 'north', reference: { rows: 25, share: 0.25 }, current: { rows: 50, share: 0.5 }, p_bh: 0, drifted: [{ column: 'bad', effect: 1, limit: 0.1 }], harm: 5, outcome: 'fail' }, { name: 'south', reference: { rows: 75, share: 0.75 }, current: { rows: 50, share: 0.5 }, p_bh: 1, drifted: [], harm: 0, outcome: 'pass' }],
};

describe('the report', () => {
  it('has the most harmful first, then what the columns together and the slices say', () => {
    const text = driftText(doc, { paint: (_: string, said: string) => said } as unknown as Parameters<typeof driftText>[1]);
    const places = ['\nbad', '\nbig', '\ncalm', '\nreconstruction error: 2 (limit 1.1), drifted: most in bad', '\nAUC of a classifier between the sides: cannot tell, fewer than 30 rows on a side', '\nslice north: 25 % of the rows, now 50 %; drifted: bad', '\n1 slice is as before or too small to tell', '\ndrift in 2:'].map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text.split('\n')[2]).toMatch(/^column +harm +PSI/);
    expect(driftText({ ...doc, columns: { calm: column('calm', {}) }, drifted: [] }, { paint: (_: string, said: string) => said } as unknown as Parameters<typeof driftText>[1])).not.toContain('harm');
  });

  it('tells in one line what Evidently says of the same columns, where it says something', () => {
    const plain = { paint: (_: string, said: string) => said } as unknown as Parameters<typeof driftText>[1];
    const told = (drifted_count: number, drifted_share: number | null): string => driftText({ ...doc, evidently_default: { drifted_count, drifted_share, dataset_drift: drifted_share === null ? null : drifted_share >= 0.5, skipped_all_missing: ['calm'] } }, plain);
    expect(told(2, 1)).toContain('\nEvidently, nothing set: 2 of 2 columns drifted, the data set has (from half of them on)\n');
    expect(told(0, 0)).toContain('0 of 2 columns drifted, the data set has not');
    for (const none of [told(0, null), driftText(doc, plain)]) expect(none).not.toContain('Evidently');
  });
});
