import { describe, expect, it } from 'vitest';
import { makeRuns } from '../../../../support/panel/data';
import { asNumber, columnOf, defaultColumns, differs, orderBy, valueOf } from '../../../../../webview/compare/model/columns';

const rows = makeRuns(20);
const options = { onlyDiffers: true, mainMetric: 'val_auc' };

describe('columns', () => {
  it('are by default what differs, the main metric first, without params that all runs share', () => {
    const keys = defaultColumns(rows, options);
    expect(keys.filter((key) => key.startsWith('metrics.'))[0]).toBe('metrics.val_auc');
    expect(keys).toContain('params.lr');
    expect(keys).not.toContain('params.epochs');
  });
  it('are all params for one run, where nothing can differ', () => expect(defaultColumns(rows.slice(0, 1), options)).toContain('params.epochs'));
  it('show shared params when asked', () => expect(defaultColumns(rows, { ...options, onlyDiffers: false })).toContain('params.epochs'));
  it('differ where one run lacks the value', () => {
    const [first, second] = makeRuns(2);
    if (!first || !second) throw new Error('no runs');
    delete second.params['epochs'];
    expect(differs([first, second], columnOf('params.epochs'))).toBe(true);
  });
  it('call two NaN the same', () => {
    const [a, b] = makeRuns(2);
    if (!a || !b) throw new Error('no runs');
    for (const row of [a, b]) row.metrics['loss'] = { value: 'NaN', step: 1, t: 0, min: 'NaN', max: 'NaN', count: 1 };
    expect(differs([a, b], columnOf('metrics.loss'))).toBe(false);
    expect(valueOf(a, columnOf('metrics.loss'))).toBeNaN();
  });
  it('keep what follows the first dot as the name', () => expect(columnOf('params.data.path')).toMatchObject({ kind: 'param', name: 'data.path' }));
  it('order by a quoted key where it has other signs', () => expect([orderBy({ key: 'metrics.val/acc', descending: true }), orderBy(null)]).toEqual([['metrics.`val/acc` DESC'], []]));
});

it.each([['1e-3', 0.001], ['', null], ['adam', null], [Number.NaN, null], [3, 3]] as const)('%s as a number is %s', (value, number) => expect(asNumber(value)).toBe(number));
