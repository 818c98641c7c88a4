/** The named entries of a section that monitoring has in runyard.yaml. One that can't be understood is left out, with the place of what is wrong. */
import { isMap } from 'yaml';
import type { FileProblem } from '../../protocol/model';
import type { BrokenEntry, MonitoringSection } from '../../protocol/monitoring';
import { keyOf, type YamlPath } from './positions';
import { brokenWithin, childrenOf, type Reading } from './reading';

export interface Entries<T> { entries: Record<string, T>; broken: BrokenEntry[] }

/** `read` answers null, and has told problems, where one can't be understood. */
export function readEntries<T>(reading: Reading, section: MonitoringSection, read: (name: string) => T | null): Entries<T> {
  const entries: Record<string, T> = {};
  const broken: BrokenEntry[] = [];
  const { document, problems } = reading;
  const node: unknown = document.get(section, true);
  const first = problems.length;
  const whole = new Set(childrenOf(reading, section));
  // Not a map: none of them can be told. Of what is not YAML the file as a whole says so.
  if (problems.length > first && document.errors.length === 0) broken.push(brokenBy({ section, name: null }, problems.slice(first)));
  for (const name of new Set(isMap(node) ? node.items.map(keyOf) : [])) {
    const from = problems.length;
    const one = whole.has(name) ? read(name) : null;
    if (one) entries[name] = one;
    else broken.push(brokenBy({ section, name }, whole.has(name) ? problems.slice(from) : yamlErrors(reading, [section, name])));
  }
  return { entries, broken };
}

/** The first error, and how many there are beside it. */
export function brokenBy({ section, name }: Pick<BrokenEntry, 'section' | 'name'>, problems: readonly FileProblem[]): BrokenEntry {
  const [first, ...more] = problems.filter(({ severity }) => severity === 'error');
  return { section, name, file: first?.file ?? 'runyard.yaml', line: first?.line ?? 1, column: first?.column ?? 1, message: first?.message ?? "can't be read", more: more.length };
}

/** What of a section can't be read; where the file as a whole can't, nobody knows what else it has. */
export const brokenIn = (broken: readonly BrokenEntry[], asked: MonitoringSection): BrokenEntry[] => broken.filter(({ section }) => section === asked || section === null);

const yamlErrors = (reading: Reading, path: YamlPath): FileProblem[] =>
  reading.document.errors.filter(({ pos }) => brokenWithin({ ...reading, broken: [pos[0]] }, path)).map(({ pos, message }) => reading.place.at(pos, 'error', `not YAML: ${message}`));
