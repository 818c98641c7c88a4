/** Which monitors stand where in a runyard.yaml. By its looks, so that a half-typed file works too; the engine alone says what is right in it. Lines from 0. Pure. */

/** `end`: the last line that belongs to it. */
export interface MonitorPlace { name: string; line: number; start: number; stop: number; end: number }

const keyLine = /^(\s+)(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#'"[\]{}&*!|>%@`-][^#]*?))\s*:(?=\s|$)/;

/** The names below `monitors:`, written as a block. */
export function scanMonitors(text: string): MonitorPlace[] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => /^monitors\s*:\s*(?:#.*)?$/.test(line.trimEnd()));
  if (head < 0) return [];
  const found: MonitorPlace[] = [];
  let indent: number | undefined;
  for (let line = head + 1; line < lines.length; line += 1) {
    const words = lines[line] ?? '';
    const bare = words.trim();
    if (bare === '' || bare.startsWith('#')) continue;
    if (!/^\s/.test(words)) break;
    const last = found.at(-1);
    const key = keyLine.exec(words);
    const start = key?.[1]?.length ?? -1;
    if (key !== null) indent ??= start;
    if (key === null || start !== indent) {
      if (last) last.end = line;
      continue;
    }
    const quoted = key[2] ?? key[3];
    const name = key[2]?.replace(/\\(["\\])/g, '$1') ?? key[3]?.replaceAll("''", "'") ?? key[4] ?? '';
    found.push({ name, line, start, stop: start + (quoted === undefined ? name.length : quoted.length + 2), end: line });
  }
  return found;
}
