/** What is right of the rows of a log, as far as anybody said: labels that were imported, and people's reviews. */
import { refuseStopped } from '../../base/stopping';
import { readLabelFiles, type ImportedLabel } from './label-files';
import { rowKey } from './keys';
import { readReviews, type Word } from './reviews';
import { majority, standingWords } from './standing';

export interface LabelsPlace { workspace: string; temp: string; signal?: AbortSignal | undefined }
export interface Labels {
  /** rows with a label */
  readonly size: number;
  /** of rows by request and row in it (0-based); null where nobody said. What is imported counts before reviews, of imports the newest, of reviews what most people say. */
  labelsFor(requests: readonly (string | null)[], rows: ArrayLike<number>): (string | null)[];
  /** newest import of a row; null where there is none */
  imported(request: string, row: number): ImportedLabel | null;
  /** the words that stand on a row, one a person */
  words(request: string, row: number): readonly Word[];
  /** every row that was imported, and every row that has words that stand */
  readonly imports: Iterable<ImportedLabel>;
  readonly reviewed: Iterable<readonly Word[]>;
  /** files that can't be read, and why: they are left out */
  readonly unreadable: readonly { file: string; why: string }[];
}

/** `folder` null, or not there: no labels. Throws cancelled. */
export async function openLabels(folder: string | null, { signal }: LabelsPlace): Promise<Labels> {
  refuseStopped(signal);
  const { labels, unreadable } = folder === null ? { labels: [], unreadable: [] } : await readLabelFiles(folder);
  const imports = new Map<string, ImportedLabel>();
  for (const label of labels) imports.set(rowKey(label.request, label.row), label);
  const reviews = standingWords(folder === null ? [] : readReviews(folder).lines);
  const voted = new Map<string, string>();
  for (const [key, words] of reviews) {
    const label = majority(words);
    if (label !== null && !imports.has(key)) voted.set(key, label);
  }
  return {
    size: imports.size + voted.size, unreadable,
    labelsFor: (requests, rows) => requests.map((request, at) => {
      if (request === null) return null;
      const key = rowKey(request, rows[at] ?? 0);
      return imports.get(key)?.label ?? voted.get(key) ?? null;
    }),
    imported: (request, row) => imports.get(rowKey(request, row)) ?? null,
    words: (request, row) => reviews.get(rowKey(request, row)) ?? [],
    imports: { [Symbol.iterator]: () => imports.values() }, reviewed: { [Symbol.iterator]: () => reviews.values() },
  };
}
