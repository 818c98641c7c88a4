/**
 * What the editor shows things beside, found in a Python text by its looks: where a script starts, where it logs a metric, where it names a
 * param. No parser: strings and comments are told apart, the rest is patterns, so a half-typed file works too. Lines and columns from 0. Pure.
 */
export interface Spot { line: number; start: number; end: number; name: string }
/** A flag that the script declares with add_argument or click's option; `default` is its literal's text, where it has one. */
export interface Flag { name: string; default?: string }
/** `entry` is the line of `if __name__ == "__main__"`; in a script without one that logs or takes flags, the first line that isn't an import. */
export interface Script { entry: number | null; metrics: Spot[]; params: Spot[]; flags: Flag[] }

const entryLine = /^if\s+__name__\s*==\s*(['"])__main__\1\s*:|^if\s+(['"])__main__\2\s*==\s*__name__\s*:/;
const oneMetric = /\blog_metric\s*\(\s*(?:key\s*=\s*)?(['"])([^'"\n]+)\1/g;
const manyMetrics = /\b(?:runyard\s*\.\s*(?:log|summary)|log_metrics)\s*\(\s*(?:metrics\s*=\s*)?\{/g;
const dictKey = /(['"])([^'"\n]+)\1\s*:/g;
const flag = /(['"])--([A-Za-z][\w-]*)\1/g;
const declared = /\b(?:add_argument|option)\s*\(\s*(?:(?:'-\w'|"-\w")\s*,\s*)?(['"])--([A-Za-z][\w-]*)\1/g;
const assigned = /^[ \t]*([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*(-?\d[\w.+-]*|True|False|None|'[^'\n]*'|"[^"\n]*")[ \t]*(?=$|[#,;])/gm;

/** Scans a whole text. Names of params are as the command line has them: `--weight-decay` and `weight_decay = 0.1` give weight-decay and weight_decay. */
export function scanScript(text: string): Script {
  const code = blankComments(text);
  const at = positions(text);
  const lines = code.split('\n');
  const metrics: Spot[] = [];
  for (const match of code.matchAll(oneMetric)) metrics.push(spot(at, match, match[2] ?? ''));
  for (const match of code.matchAll(manyMetrics)) {
    const open = match.index + match[0].length;
    const body = code.slice(open, closing(code, open));
    for (const key of topLevelKeys(body)) metrics.push({ ...at(open + key.index), end: at(open + key.index).start + key.name.length, name: key.name });
  }
  const params: Spot[] = [];
  for (const match of code.matchAll(flag)) params.push(spot(at, match, match[2] ?? ''));
  for (const match of code.matchAll(assigned)) params.push(spot(at, match, match[1] ?? '', match[2]));
  const flags = declaredFlags(code);
  return { entry: entryOf(lines, metrics.length + flags.length > 0), metrics: inOrder(metrics), params: inOrder(params), flags };
}

function entryOf(lines: readonly string[], trains: boolean): number | null {
  const guard = lines.findIndex((line) => entryLine.test(line));
  const found = guard >= 0 || !trains ? guard : lines.findIndex((line) => /^[A-Za-z_@]/.test(line) && !/^(import|from)\b/.test(line));
  return found < 0 ? null : found;
}

/** A param's name as runs keep it: argparse's `--weight-decay` is weight_decay. */
export const paramName = (name: string): string => name.replaceAll('-', '_');

function declaredFlags(code: string): Flag[] {
  return [...code.matchAll(declared)].map((match) => {
    const call = code.slice(match.index + match[0].length, closing(code, match.index + match[0].length));
    const literal = /\bdefault\s*=\s*(-?\d[\w.+-]*|True|False|'[^'\n]*'|"[^"\n]*")/.exec(call)?.[1];
    return { name: match[2] ?? '', ...(literal === undefined ? {} : { default: literal.replace(/^(['"])(.*)\1$/, '$2') }) };
  });
}

/** In runyard.yaml: the keys below a `params:` mapping, block or flow style. */
export function scanYamlParams(text: string): Spot[] {
  const found: Spot[] = [];
  let block: { indent: number } | undefined;
  text.split('\n').forEach((line, index) => {
    const indent = line.length - line.trimStart().length;
    const bare = line.trim();
    if (bare === '' || bare.startsWith('#')) return;
    if (block && indent <= block.indent) block = undefined;
    const flow = /^(\s*)params\s*:\s*\{(.*)/.exec(line);
    if (flow) {
      const from = line.indexOf('{') + 1;
      for (const key of line.slice(from).matchAll(/(?:^|,)\s*([\w-]+)\s*:/g)) {
        const start = from + key.index + key[0].indexOf(key[1] ?? '');
        found.push({ line: index, start, end: start + (key[1] ?? '').length, name: key[1] ?? '' });
      }
    } else if (/^\s*params\s*:\s*(#.*)?$/.test(line)) block = { indent };
    else if (block) {
      const key = /^(\s*)([\w-]+)\s*:/.exec(line);
      if (key) found.push({ line: index, start: indent, end: line.trimEnd().length, name: key[2] ?? '' });
    }
  });
  return found;
}

/** The spot whose text is under the cursor. */
export const spotAt = (spots: readonly Spot[], line: number, column: number): Spot | undefined =>
  spots.find((one) => one.line === line && column >= one.start && column <= one.end);

function positions(text: string): (index: number) => { line: number; start: number; end: number } {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return (index) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle; else high = middle - 1;
    }
    const start = index - (starts[low] ?? 0);
    return { line: low, start, end: start };
  };
}

/** Where `name` stands in the match; an assignment's spot reaches to the end of its value, so that the literal counts too. */
function spot(at: ReturnType<typeof positions>, match: RegExpExecArray, name: string, value?: string): Spot {
  const offset = value === undefined ? match[0].lastIndexOf(name) : match[0].indexOf(name);
  const place = at(match.index + offset);
  const length = value === undefined ? name.length : match[0].lastIndexOf(value) + value.length - offset;
  return { line: place.line, start: place.start, end: place.start + length, name };
}

const inOrder = (spots: Spot[]): Spot[] => spots.sort((a, b) => a.line - b.line || a.start - b.start);

/** The index of the bracket that closes what was open before `from`; the text's end where none does. */
function closing(code: string, from: number): number {
  let depth = 1;
  let quote = '';
  for (let i = from; i < code.length; i++) {
    const c = code[i] ?? '';
    if (quote) {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c) && --depth === 0) return i;
  }
  return code.length;
}

/** Keys of a dict literal's own level: those of dicts inside it aren't metrics of the call. */
function topLevelKeys(body: string): { index: number; name: string }[] {
  const found: { index: number; name: string }[] = [];
  for (const match of body.matchAll(dictKey)) {
    const before = body.slice(0, match.index);
    const depth = [...before].reduce((sum, c) => sum + ('([{'.includes(c) ? 1 : ')]}'.includes(c) ? -1 : 0), 0);
    if (depth === 0) found.push({ index: match.index + 1, name: match[2] ?? '' });
  }
  return found;
}

/** The text with comments and triple-quoted strings as blanks, every character else where it was. */
function blankComments(text: string): string {
  const token = /"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|#[^\n]*/g;
  return text.replace(token, (one) => (one.startsWith('#') || one.startsWith('"""') || one.startsWith("'''") ? one.replace(/[^\n]/g, ' ') : one));
}
