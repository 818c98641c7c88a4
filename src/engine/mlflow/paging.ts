/** Pages as MLflow's server cuts them: a token is the next one's offset. Source: mlflow.utils.search_utils.SearchUtils. */
import * as z from 'zod';
import { invalid } from './errors';

const token = z.object({ offset: z.number().int().min(0) });

export const pageToken = (offset: number): string => Buffer.from(JSON.stringify({ offset })).toString('base64');

/** 0 for none. Throws INVALID_PARAMETER_VALUE. */
export function offsetOf(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  try {
    return token.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8'))).offset;
  } catch {
    throw invalid('Invalid page token, could not base64-decode');
  }
}

/** `{}` or the token of the page behind this one. */
export const nextPage = (offset: number, got: number, total: number): { next_page_token?: string } => (offset + got < total ? { next_page_token: pageToken(offset + got) } : {});

/** How many a page may have. Throws INVALID_PARAMETER_VALUE outside 1 to `most`. */
export function pageSize(asked: number | undefined, { otherwise, most }: { otherwise: number; most: number }): number {
  const size = asked ?? otherwise;
  if (size < 1) throw invalid(`Invalid value ${size} for parameter 'max_results' supplied. It must be a positive integer.`);
  if (size > most) throw invalid(`Invalid value ${size} for parameter 'max_results' supplied. It must be at most ${most}, but got value ${size}`);
  return size;
}

const VIEWS = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const;
/** MLflow's view types by name or number. */
export const viewType = z.union([z.enum(VIEWS), z.coerce.number().int().min(1).max(3).transform((n) => VIEWS[n - 1] ?? 'ACTIVE_ONLY')]).default('ACTIVE_ONLY');
