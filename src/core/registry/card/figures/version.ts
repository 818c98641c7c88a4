/** What never changes of a version, and what its people said of it. */
import type { Person, TensorFacts } from '../../../../protocol/registry';
import type { CardEvidence, Expected } from '../evidence';
import { code, counted, escapeText, grouped, moment, short, size, table } from '../markdown';

const MOST = 20;
export const personName = ({ name, email }: Person): string => escapeText(name || email) || 'somebody';

const INLINE: Readonly<Record<string, (of: CardEvidence) => string>> = {
  registered: ({ detail: { row, facts } }) => `${moment(row.created)} by ${personName(facts.author)}`,
  source: ({ detail: { facts } }) => `${{ run: 'a run', evaluation: 'an evaluation', file: 'a file', mlflow: 'an MLflow client' }[facts.source.kind]}, ${escapeText(facts.source.text) || 'of no name'}${facts.run === null || facts.source.text.includes(facts.run) ? '' : `, run ${code(facts.run)}`}`,
  code: ({ detail: { facts: { code: { commit, dirty, patch } } } }) => {
    if (commit === null) return 'not known';
    const state = dirty === null ? '' : dirty ? ', with uncommitted changes' : ', nothing uncommitted';
    return `commit ${code(commit)}${state}${patch === null ? '' : ` (patch ${code(short(patch))})`}`;
  },
  digest: ({ detail: { facts } }) => code(facts.digest),
  files: ({ detail: { facts: { files, size: all } } }) => {
    const shown = files.slice(0, MOST).map((one) => `${escapeText(one.path)} (${size(one.size)}, SHA-256 ${code(short(one.digest))})`);
    return `${shown.join(', ')}${files.length > MOST ? ` and ${counted(files.length - MOST, 'more file')}` : ''}${files.length > 1 ? `, ${size(all)} in all` : ''}` || 'none';
  },
  inputs: ({ detail: { facts } }) => tensors(facts.inputs),
  outputs: ({ detail: { facts } }) => tensors(facts.outputs),
  producer: ({ detail: { facts } }) => escapeText(facts.producer) || 'not said',
  environment: ({ detail: { facts: { environment } } }) => (environment === null ? 'not known' : `Python ${escapeText(environment.python)}, ${counted(environment.packages, 'package')} (${code(short(environment.digest))})`),
  licence: ({ detail: { facts } }) => escapeText(facts.licence) || 'not said',
  description: ({ detail: { row } }) => escapeText(row.description) || 'none',
  tags: ({ detail: { row } }) => Object.entries(row.tags).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${escapeText(name)} = ${escapeText(value)}`).join(', ') || 'none',
};

function tensors(facts: readonly TensorFacts[]): string {
  if (facts.length === 0) return 'not known';
  const shown = facts.slice(0, MOST).map(({ name, type, shape }) => `${escapeText(name)} (${escapeText(`${type} ${shape}`)})`);
  return `${shown.join(', ')}${facts.length > MOST ? ` and ${facts.length - MOST} more` : ''}`;
}

export function versionFigure(of: CardEvidence, name: string): Expected | null {
  const { facts } = of.detail;
  if (name === 'data') return { evidence: short(facts.digest), text: dataText(of), block: true };
  const text = Object.hasOwn(INLINE, name) ? INLINE[name]?.(of) : undefined;
  return text === undefined ? null : { evidence: short(facts.digest), text, block: false };
}

function dataText({ detail: { facts: { data } } }: CardEvidence): string {
  if (data.length === 0) return 'No data set of this version is known by its digest.';
  const columns = [{ title: 'data' }, { title: 'role' }, { title: 'rows', right: true }, { title: 'digest' }];
  return table(columns, data.map(({ name, role, rows, digest }) => [escapeText(name), escapeText(role), rows === null ? '' : grouped(rows), code(digest)]));
}
