/** Evaluations, their slices and their pinned examples as a tree of tests. Pure. */
import type { EvaluationTest } from '../../protocol/evaluation/result';
import { shorten } from '../base/format';
import { historyWords } from '../evaluation/words';

export interface TestNode {
  id: string; label: string; description: string;
  /** of runyard.yaml or of the pinned examples' file; line from 1 */
  file: string | null; line: number | null;
  /** nothing: it only holds others */
  test: EvaluationTest | undefined;
  children: TestNode[];
}

/** One node an evaluation; its rows as a whole first, then slices in the order of their definition, then pinned examples, held together. */
export function testTree(tests: readonly EvaluationTest[]): TestNode[] {
  const names = [...new Set(tests.map((one) => one.evaluation))];
  return names.map((name) => {
    const own = tests.filter((one) => one.evaluation === name);
    const of = (kind: EvaluationTest['kind']): TestNode[] => own.filter((one) => one.kind === kind).map(leaf);
    const pinned = of('pinned');
    const overall = own.find((one) => one.kind === 'overall');
    const history = wholeHistory(own);
    const group: TestNode[] = pinned.length === 0 ? [] : [{
      id: `${name}/pinned`, label: 'Pinned Examples', description: String(pinned.length), file: pinned[0]?.file ?? null, line: null, test: undefined, children: pinned,
    }];
    return {
      id: `evaluation/${name}`, label: name, description: historyWords(history), file: overall?.file ?? null, line: overall?.line ?? null,
      test: undefined, children: [...of('overall'), ...of('slice'), ...group],
    };
  });
}

/** An evaluation passed where every test of it did. */
function wholeHistory(tests: readonly EvaluationTest[]): EvaluationTest['history'] {
  const worst = new Map<string, EvaluationTest['history'][number]>();
  for (const one of tests.flatMap(({ history }) => history)) {
    const before = worst.get(one.evaluation);
    if (before === undefined || before.outcome === 'pass' || one.outcome === 'fail') worst.set(one.evaluation, one);
  }
  return [...worst.values()];
}

function leaf(test: EvaluationTest): TestNode {
  return { id: test.id, label: test.kind === 'overall' ? 'All Rows' : test.name, description: descriptionOf(test), file: test.file, line: test.line, test, children: [] };
}

/** "cannot tell: 12 rows, at least 30 are needed · 5 of last 6 passed". The editor has no state of its own for what nobody can tell. */
export function descriptionOf(test: EvaluationTest): string {
  const why = shorten(test.message.split('\n')[0] ?? '', 100);
  const told = test.outcome === 'cannot tell' ? ['cannot tell', why].filter(Boolean).join(': ') : test.outcome === null ? 'not evaluated yet' : why;
  return [told, historyWords(test.history)].filter(Boolean).join(' · ');
}

/** All tests of a node and below. */
export const leavesOf = (node: TestNode): TestNode[] => (node.test ? [node] : node.children.flatMap(leavesOf));

/** The newest evaluation that these tests tell of. */
export function newestOf(tests: readonly EvaluationTest[]): { evaluation: string; created: number } | undefined {
  return tests.flatMap((one) => one.history).reduce<{ evaluation: string; created: number } | undefined>((best, one) => (best === undefined || one.created > best.created ? one : best), undefined);
}
