/** Tests that didn't pass, as marks at their place in a file. Pure. */
import type { EvaluationTest } from '../../protocol/evaluation/result';

export interface Mark { file: string; /** from 1 */ line: number; severity: 'error' | 'information'; message: string; evaluation: string | null }

/** One for each failing test, and for each that nobody can tell; those that pass, were never evaluated or have no place have none. */
export function marksOf(tests: readonly EvaluationTest[]): Mark[] {
  return tests.flatMap((test) => {
    if (test.file === null || test.outcome === null || test.outcome === 'pass') return [];
    const what = test.kind === 'overall' ? `evaluation '${test.name}'` : test.kind === 'slice' ? `slice '${test.name}'` : `pinned example '${test.name}'`;
    const where = test.kind === 'overall' ? '' : ` in ${test.evaluation}`;
    const word = test.outcome === 'fail' ? `${what} fails${where}` : `${what}: cannot tell${where}`;
    const newest = test.history.reduce<EvaluationTest['history'][number] | null>((best, one) => (best === null || one.created > best.created ? one : best), null);
    return [{
      file: test.file, line: test.line ?? 1, severity: test.outcome === 'fail' ? 'error' as const : 'information' as const,
      message: test.message === '' ? word : `${word}: ${test.message}`, evaluation: newest?.evaluation ?? null,
    }];
  });
}

/** Where a line's words begin and end, from 0; nothing of a comment behind them. */
export function wordsOf(line: string): [start: number, end: number] {
  const start = line.length - line.trimStart().length;
  const end = line.replace(/\s+#.*$/, '').trimEnd().length;
  return [start, Math.max(start, end)];
}
