/** The confusion matrix: rows are true classes, columns predicted ones. Pure. */
import type { Figures } from '../../../src/protocol/evaluation/result';

export interface ConfusionCell { truth: string; predicted: string; count: number; /** of the rows of that true class; null where there are none */ share: number | null; right: boolean }

/** A line a true class; null where these figures have no matrix of these classes. */
export function confusionOf(figures: Figures, classes: readonly string[]): ConfusionCell[][] | null {
  const matrix = figures['confusion_matrix'];
  if (!Array.isArray(matrix) || matrix.length !== classes.length || classes.length === 0) return null;
  return classes.map((truth, row) => {
    const counts = classes.map((_, column) => {
      const found: unknown = (matrix[row] as unknown[] | undefined)?.[column];
      return typeof found === 'number' ? found : 0;
    });
    const rows = counts.reduce((sum, count) => sum + count, 0);
    return classes.map((predicted, column): ConfusionCell => ({ truth, predicted, count: counts[column] ?? 0, share: rows === 0 ? null : (counts[column] ?? 0) / rows, right: row === column }));
  });
}

/** Which classes a matrix that doesn't fit shows: those with the most rows off the diagonal, in their own order. */
export function worstClasses(cells: readonly (readonly ConfusionCell[])[], most: number): number[] {
  const wrong = cells.map((row, at) => ({ at, wrong: row.reduce((sum, cell, column) => sum + (column === at ? 0 : cell.count + (cells[column]?.[at]?.count ?? 0)), 0) }));
  return wrong.sort((a, b) => b.wrong - a.wrong || a.at - b.at).slice(0, most).map(({ at }) => at).sort((a, b) => a - b);
}
