import { describe, expect, it } from 'vitest';
import type { RunDetail } from '../../../../../src/protocol/model';
import { differingLines } from '../../../../../webview/compare/model/differences';

const run = (more: Partial<RunDetail>): RunDetail => ({
  id: 'a', experiment: 'e', name: 'n', state: 'finished', reason: '', created: 0, started: 0, ended: 1, source: 'cli', script: 'train.py', parent: null, pinned: false, trashed: false, notes: '',
  params: {}, metrics: {}, tags: {}, commit: 'c0ffee', branch: 'main', dirty: false, group: '', argv: [], cwd: '.', exitCode: 0, signal: null, interpreter: null, remote: null, patch: null,
  environment: {}, datasets: [], artifacts: [], problems: [], models: [], children: [], folder: '', ...more,
});

describe('differingLines', () => {
  it('gives nothing for runs that differ in chance only', () => expect(differingLines(run({}), run({ id: 'b', name: 'm' }))).toEqual([]));
  it('names params first, with nothing where a run lacks one', () => {
    const lines = differingLines(run({ params: { lr: '0.1', depth: '3' }, dirty: true }), run({ params: { lr: '0.3' } }));
    expect(lines).toEqual([
      { kind: 'param', name: 'depth', left: '3', right: null }, { kind: 'param', name: 'lr', left: '0.1', right: '0.3' },
      { kind: 'code', name: 'uncommitted changes', left: 'yes', right: 'no' },
    ]);
  });
  it('tells data apart by digest', () => {
    const data = (digest: string): RunDetail => run({ datasets: [{ name: 'loans', role: 'train', digest, path: null, rows: 5, schema: null, mlflow: null }] });
    expect(differingLines(data('aa'), data('bb'))).toEqual([{ kind: 'data', name: 'loans (train)', left: 'aa, 5 rows', right: 'bb, 5 rows' }]);
  });
});
