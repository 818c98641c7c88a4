/** From a path in a YAML document to the place in its text where a person would look. */
import type { LineCounter} from 'yaml';
import { isCollection, isMap, isPair, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml';
import type { FileProblem } from '../../protocol/model';

export type YamlPath = readonly (string | number)[];

/** Makes problems of one file with 1-based positions. */
export function problemsOf(file: string, lines: LineCounter) {
  const at = (range: readonly [number, number], severity: FileProblem['severity'], message: string): FileProblem => {
    const from = lines.linePos(range[0]);
    const to = lines.linePos(Math.max(range[0] + 1, range[1]));
    return { file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col, severity, message };
  };
  return {
    at,
    /** At the value of the deepest part of the path that exists; at its key with `key: true`. */
    of(document: Document, path: YamlPath, problem: { severity: FileProblem['severity']; message: string; key?: boolean }): FileProblem {
      return at(rangeOf(document, path, problem.key ?? false), problem.severity, problem.message);
    },
  };
}

function rangeOf(document: Document, path: YamlPath, key: boolean): [number, number] {
  let node: unknown = document.contents;
  let range: [number, number] = [0, 1];
  for (const [i, part] of path.entries()) {
    const pair: Pair | null = isMap(node) ? node.items.find((item) => keyOf(item) === String(part)) ?? null : null;
    const next: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(part)] : null;
    if (pair) range = ends(pair.key) ?? range;
    if (key && i === path.length - 1) return range;
    // A block as the culprit is shown by its key: many lines underlined say nothing.
    if (next && (!pair || !isCollection(next) || next.flow)) range = ends(next) ?? range;
    if (!next) break;
    node = next;
  }
  return range;
}

export const keyOf = (pair: unknown): string => (isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : '');

function ends(node: unknown): [number, number] | null {
  const range = (node as Node | null)?.range;
  return range ? [range[0], range[1]] : null;
}
