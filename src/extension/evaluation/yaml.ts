/**
 * What stands where in runyard.yaml, and an evaluation as an entry of it. By its looks, so that a half-typed file works too; the engine alone
 * says what is right in it. Lines and columns from 0. Pure.
 */
import type { EvaluationInput } from '../../protocol/evaluation/request';

export type Section = 'evaluations' | 'slices';
/** A name under `evaluations:` or `slices:`. */
export interface Entry { section: Section; name: string; line: number; start: number; end: number }

const sectionLine = /^(evaluations|slices)\s*:\s*(?:#.*)?$/;
const keyLine = /^(\s+)(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#'"[\]{}&*!|>%@`-][^#]*?))\s*:(?=\s|$)/;

/** The names under both sections, written as blocks; what is written between braces is left out. */
export function scanEntries(text: string): Entry[] {
  const found: Entry[] = [];
  let section: Section | undefined;
  let indent: number | undefined;
  for (const [line, words] of text.split('\n').entries()) {
    const bare = words.trim();
    if (bare === '' || bare.startsWith('#')) continue;
    if (!/^\s/.test(words)) {
      section = sectionLine.exec(bare)?.[1] as Section | undefined;
      indent = undefined;
      continue;
    }
    const key = section === undefined ? null : keyLine.exec(words);
    if (section === undefined || key === null) continue;
    const start = key[1]?.length ?? 0;
    indent ??= start;
    if (start !== indent) continue;
    const quoted = key[2] ?? key[3];
    const name = key[2]?.replace(/\\(["\\])/g, '$1') ?? key[3]?.replaceAll("''", "'") ?? key[4] ?? '';
    found.push({ section, name, line, start, end: start + (quoted === undefined ? name.length : quoted.length + 2) });
  }
  return found;
}

/** Where an entry is put, and its text; null where the section is there in a way that it can't be added to. */
export function insertEntry(text: string, section: Section, lines: readonly string[]): { line: number; text: string } | null {
  const all = text.split('\n');
  const own = lines.map((line) => `  ${line}\n`).join('');
  const head = all.findIndex((line) => new RegExp(`^${section}\\s*:`).test(line));
  if (head >= 0) {
    const below = scanEntries(text).find((one) => one.section === section);
    if (!sectionLine.test((all[head] ?? '').trim())) return null;
    const indent = ' '.repeat(below?.start ?? 2);
    // Right below the heading: no need to know where the last entry and its comments end.
    const indented = lines.map((line) => `${indent}${line}\n`).join('');
    return head + 1 < all.length ? { line: head + 1, text: indented } : { line: head + 1, text: `\n${indented}` };
  }
  const ends = text === '' || text.endsWith('\n');
  return { line: ends ? all.length - 1 : all.length, text: `${ends ? '' : '\n'}${text.trim() === '' ? 'version: 1\n' : ''}\n${section}:\n${own}` };
}

/** The lines of an entry of `evaluations:`, without its indentation: short where a path alone says it all; the run that it came from isn't part of the question. */
export function evaluationEntry(name: string, request: EvaluationInput): string[] {
  const { model, baseline, data } = request;
  const rest = Object.entries(request).filter(([key]) => !['model', 'baseline', 'data', 'name', 'run'].includes(key));
  const fields: [string, unknown][] = [['model', short(model, 'file')], ['baseline', short(baseline, 'file')], ['data', shortData(data)], ...rest];
  const told = fields.filter(([, value]) => value !== undefined && !isEmpty(value));
  return [`${yamlValue(name)}:`, ...told.map(([key, value]) => `  ${key}: ${yamlValue(value)}`)];
}

function short(spec: unknown, key: string): unknown {
  if (typeof spec !== 'object' || spec === null) return undefined;
  const given = Object.entries(spec).filter(([, value]) => value !== undefined);
  return given.length === 1 && given[0]?.[0] === key ? given[0][1] : Object.fromEntries(given);
}

function shortData(data: EvaluationInput['data']): unknown {
  const rest = Object.entries(data).filter(([key, value]) => key !== 'files' && value !== undefined && !isEmpty(value));
  if (rest.length > 0) return { files: data.files, ...Object.fromEntries(rest) };
  return data.files.length === 1 ? data.files[0] : data.files;
}

const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** As YAML on one line: a text stands without quotes where it can't be read as anything else. */
export function yamlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).filter(([, one]) => one !== undefined).map(([key, one]) => `${yamlValue(key)}: ${yamlValue(one)}`).join(', ')}}`;
  }
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null';
  const plain = /^[A-Za-z_][\w./@-]*(?: [\w./@-]+)*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}
