/** People's words on rows: a line of JSON each, added at the end of reviews.jsonl and never changed. */
import { closeSync, constants, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { appendLines } from '../../base/durable';
import { RunyardError, systemCode } from '../../base/errors';
import { JUDGEMENTS, REVIEW_SOURCES } from '../../../protocol/monitoring';

export const reviewsFile = 'reviews.jsonl';

const person = z.object({ name: z.string().min(1), email: z.string().default('') });
const about = { request: z.string().min(1), row: z.number().int().min(0).default(0), by: person, /** ms since the epoch */ t: z.number() };
const word = z.object({
  ...about, judgement: z.enum(JUDGEMENTS), answer: z.union([z.string(), z.number()]).nullable().default(null),
  /** what is right as the word has it: null where it doesn't say */
  label: z.string().nullable().default(null), comment: z.string().default(''), source: z.enum(REVIEW_SOURCES).nullable().default(null),
  /** of the queue that asked: rows by chance came in the order of their lots with it */
  seed: z.number().int().default(0),
  /** what the log says of the row: so that nobody has to look there again */
  prediction: z.string().nullable().default(null), version: z.number().int().nullable().default(null), time: z.number().nullable().default(null),
});
const undone = z.object({ ...about, undone: z.literal(true) });
const line = z.union([undone, word]);
/** One person's word on one row. */
export type Word = z.output<typeof word>;
export type ReviewLine = z.output<typeof line>;

/** On the disk when it returns. Throws disk_full, and then (as after any error) the file is as it was. */
export function addReview(folder: string, review: ReviewLine): void {
  try {
    mkdirSync(folder, { recursive: true });
    const handle = openSync(path.join(folder, reviewsFile), constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o644);
    try {
      appendLines(handle, [JSON.stringify(line.parse(review))]);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw new RunyardError('disk_full', `${path.join(folder, reviewsFile)}: there is no room for the review`, 'make room and say it again', { cause: error });
    throw error;
  }
}

/** In the order of the file. `broken`: lines (1-based) that can't be read, a torn last one too; they hinder nothing. No file is no reviews. */
export function readReviews(folder: string): { lines: ReviewLine[]; broken: number[] } {
  const lines: ReviewLine[] = [];
  const broken: number[] = [];
  for (const [at, text] of textOf(path.join(folder, reviewsFile)).split('\n').entries()) {
    if (text.trim() === '') continue;
    const read = parsed(text);
    if (read) lines.push(read);
    else broken.push(at + 1);
  }
  return { lines, broken };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function parsed(text: string): ReviewLine | null {
  try {
    const read = line.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
