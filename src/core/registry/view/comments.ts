/** Comments on runs, models, versions and slices: what is said, and where. */
import { randomBytes } from 'node:crypto';
import { RunyardError } from '../../base/errors';
import type { Comment, CommentTarget, Person } from '../../../protocol/registry';
import type { Ledger } from '../types';

/** Those on a target and on what belongs to it: a model's are those on its versions, too. Oldest first. */
export const commentsOn = (comments: readonly Comment[], target: CommentTarget): Comment[] =>
  comments.filter(({ on }) => (['run', 'model', 'version', 'slice'] as const).every((key) => target[key] === undefined || target[key] === on[key]));

export interface Said { on: CommentTarget; text: string; by: Person; /** throws not_found where there is no such run, model or version */ check(on: CommentTarget): void }

/** Writes it into the ledger. Throws not_found, and bad_input for a text of blanks or a version of no model. */
export function comment(ledger: Ledger, { on, text, by, check }: Said): Comment {
  if (text.trim() === '') throw new RunyardError('bad_input', 'a comment needs words', 'write what there is to say');
  if (on.version !== undefined && on.model === undefined) throw new RunyardError('bad_input', `version ${on.version} is of no model`, 'say which model it is of');
  check(on);
  const id = randomBytes(8).toString('hex');
  const entry = ledger.append({ by, kind: 'comment', model: on.model ?? '', version: on.version ?? null, environment: null, facts: { id, text, on } });
  return { id, by, t: entry.t, text, on };
}
