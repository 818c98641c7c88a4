/** What a figure of a card says now, by its key. */
import { RunyardError } from '../../base/errors';
import type { CardEvidence, Expected } from './evidence';
import { evaluationFigure } from './figures/evaluation';
import { configFigure, ledgerFigure } from './figures/moves';
import { versionFigure } from './figures/version';

/** What a figure bound to `evidence` should be; null where there is no such figure. */
export function expectedOf(of: CardEvidence, key: string, evidence: string | null): Expected | null {
  const [kind, ...rest] = key.split('/');
  if (kind === 'version') return versionFigure(of, rest.join('/'));
  if (kind === 'evaluation') return evaluationFigure(of, rest, evidence);
  if (kind === 'none') return noneFigure(of, rest.join('/'));
  if (kind === 'ledger') return ledgerFigure(of, rest.join('/'));
  return kind === 'config' ? configFigure(of, rest.join('/')) : null;
}

const NONE: Readonly<Record<string, string>> = {
  evaluation: 'No evaluation of this version is kept.', slices: 'No evaluation of this version is kept, so nobody can tell on which rows it is bad.', explanations: 'No evaluation of this version is kept, so nothing can be said of what it leans on.',
};

function noneFigure({ evaluations }: CardEvidence, what: string): Expected | null {
  const text = Object.hasOwn(NONE, what) ? NONE[what] : undefined;
  if (text === undefined) return null;
  return evaluations.length > 0 ? { gone: 'there is an evaluation of this version by now' } : { evidence: null, text, block: true };
}

/** What is expected where it must be there: of a key that this card's layout names. Throws internal. */
export function present(of: CardEvidence, key: string): Extract<Expected, { text: string }> {
  const found = expectedOf(of, key, null);
  if (found && 'text' in found) return found;
  throw new RunyardError('internal', `the card's figure ${key} has no evidence`, 'report this');
}
