/** Model cards: written from the evidence, and held against it. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import type { CardReport, HistoryRow, VersionDetail } from '../../../protocol/registry';
import type { Importance } from '../../../protocol/evaluation/result';
import type { RegistryHandlers } from '../service/handlers';
import type { Evaluating, Ledger, RegistryContext, Versions } from '../types';
import { gather, type CardEvidence } from './evidence';
import { keptImportance } from './importance';
import { cardHead } from './layout';
import { addressed, cardAddress, readMarks } from './marks';
import { cardFile, readCard, writeCard } from './place';
import { apply, review } from './review';

export interface CardingParts {
  ledger: Pick<Ledger, 'entries'>; versions: Pick<Versions, 'resolve'>; evaluating: Pick<Evaluating, 'get'>;
  detail(model: string, version: number): Promise<VersionDetail>;
  /** oldest first */
  history(model: string): HistoryRow[] | Promise<HistoryRow[]>;
  /** the permutation importance that is kept of an evaluation; null where none is. Left out: what lies in the evaluation's folder. */
  importance?(evaluation: string): Promise<Importance | null>;
}
export type Carding = Pick<RegistryHandlers, 'registry.card' | 'registry.checkCard'> & {
  /** A version's card where it belongs, as it is on the disk; one that isn't there is a problem 'missing'. Writes nothing. */
  check(model: string, version: number): Promise<CardReport>;
};

export function carding(context: Pick<RegistryContext, 'workspace' | 'log' | 'loaded' | 'changed'>, parts: CardingParts): Carding {
  const evidenceOf = (model: string, version: number): Promise<CardEvidence> => gather(context, { importance: keptImportance(context), ...parts }, { model, version });
  const absolute = (file: string): string => path.resolve(context.workspace, file);
  /** As people read it: relative where it is in the workspace. */
  const shown = (file: string): string => {
    const relative = path.relative(context.workspace, absolute(file));
    return (relative.startsWith('..') || path.isAbsolute(relative) ? absolute(file) : relative).replaceAll(path.sep, '/');
  };

  const card = async ({ model, version, file: given, write }: { model: string; version: number; file?: string | undefined; write: boolean }): Promise<CardReport> => {
    const file = given ?? cardFile(context.loaded().config.registry, model, version);
    const before = readCard(absolute(file));
    if (before !== null) refuseOther(before, shown(file), { model, version });
    const of = await evidenceOf(model, version);
    const started = before === null || before.trim() === '' ? cardHead(of, cardAddress(model, version)) : before;
    const now = review(started, of);
    const text = apply(started, now.edits);
    if (!write) return before === null ? unwritten(shown(file), text, { ...review(text, of), of }) : reported(shown(file), text, now);
    const written = text !== before;
    if (written) {
      writeCard(absolute(file), text);
      context.changed([model]);
    }
    return { ...reported(shown(file), text, review(text, of)), written };
  };

  return {
    'registry.card': ({ model, version, file, write }) => card({ model, version: parts.versions.resolve(model, version), file, write }),
    async 'registry.checkCard'({ file, text }) {
      const said = text ?? readCard(absolute(file));
      if (said === null) throw new RunyardError('not_found', `there is no file ${shown(file)}`, 'write the card with: runyard card NAME VERSION');
      const { model, version } = addressOf(said, shown(file));
      const of = await evidenceOf(model, parts.versions.resolve(model, version));
      const now = review(said, of);
      return reported(shown(file), apply(said, now.edits), now);
    },
    check: (model, version) => card({ model, version, write: false }),
  };
}

type Reviewed = Pick<ReturnType<typeof review>, 'problems' | 'missing'>;

const reported = (file: string, text: string, { problems, missing }: Reviewed): CardReport =>
  ({ file, text, written: false, missing: [...missing], stale: problems.filter(({ kind }) => kind === 'stale').length, problems });

function unwritten(file: string, text: string, { missing, of: { model, version } }: Reviewed & { of: CardEvidence }): CardReport {
  const problem = { line: 1, column: 1, endLine: 1, endColumn: 1, kind: 'missing' as const, section: 'version', message: `there is no card of ${model} version ${version}: runyard card ${model} ${version} writes it`, replacement: null };
  return { file, text, written: false, missing: [...missing], stale: 0, problems: [problem] };
}

/** Whose card a text is. Throws bad_input where it is none. */
function addressOf(text: string, file: string): { model: string; version: number } {
  const mark = readMarks(text).card;
  const found = mark && addressed(mark.address);
  if (!found) throw new RunyardError('bad_input', mark ? `${file} doesn't say whose card it is: ${mark.address} is no MODEL/VERSION` : `${file} is no model card`, 'its first line has to be <!-- ry:card MODEL/VERSION -->');
  return found;
}

/** A file that is another's, or none of ours, is never written over. */
function refuseOther(text: string, file: string, { model, version }: { model: string; version: number }): void {
  if (text.trim() === '') return;
  const found = addressOf(text, file);
  if (found.model === model && found.version === version) return;
  throw new RunyardError('refused', `${file} is the card of ${found.model} version ${found.version}, not of ${model} version ${version}`, `name another file with -o, or, to go on with a copy of that card, make its first line <!-- ry:card ${cardAddress(model, version)} -->`);
}
