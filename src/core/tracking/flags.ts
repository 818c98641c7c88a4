/**
 * Params in a command line: argparse and click style flags to params, and changed params back into flags.
 *
 *   --lr 0.1   --lr=0.1   -x 3   -x3   --flag (true)   --no-flag (flag: false)   --layers 64 32 (numbers: "64 32")   --tag a --tag b ("a,b")
 *
 * Dashes in a name become underscores, as argparse's own names have them. Positional arguments and what stands before the
 * script aren't params.
 */
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const LONG = /^--([A-Za-z][\w.-]*)(?:=([\s\S]*))?$/;
const SHORT = /^-([A-Za-z]\w*)(?:=([\s\S]*))?$/;
const PYTHON = /^(?:python|pypy)[\d.]*w?(?:\.exe)?$/i;
/** Interpreter options that take the next argument. */
const PYTHON_TAKES = new Set(['-W', '-X', '--check-hash-based-pycs']);

/** One flag in argv: where it stands, how many elements it takes, how it is spelt, and what it says. */
interface Flag { at: number; length: number; spelling: string; name: string; form: 'bare' | 'no' | 'equals' | 'attached' | 'next'; value: string }

export const paramName = (flag: string): string => flag.replaceAll('-', '_');
const baseName = (file: string): string => file.split(/[\\/]/).pop() ?? file;
export const isPython = (program: string): boolean => PYTHON.test(baseName(program));

/** Where the script (or the module after -m) stands in argv, or -1 where the command isn't a Python script's. */
export function scriptIndex(argv: readonly string[]): number {
  if (!isPython(argv[0] ?? '')) {
    // torchrun, accelerate launch, mpirun python ...: the script is the first argument that is a Python file.
    return argv.findIndex((arg) => /^[^-].*\.pyw?$/.test(arg));
  }
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '-m') return i + 1 < argv.length ? i + 1 : -1;
    if (arg === '-c' || arg === '-') return -1;
    if (PYTHON_TAKES.has(arg)) i++;
    else if (!arg.startsWith('-')) return i;
  }
  return -1;
}

function findFlags(argv: readonly string[]): Flag[] {
  const script = scriptIndex(argv);
  const code = isPython(argv[0] ?? '') && script < 0 ? argv.indexOf('-c') + 1 : 0;
  const flags: Flag[] = [];
  for (let i = Math.max(script, code, 0) + 1; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--') break;
    const flag = readFlag(argv, i);
    if (!flag) continue;
    flags.push(flag);
    i += flag.length - 1;
  }
  return flags;
}

function readFlag(argv: readonly string[], at: number): Flag | null {
  const arg = argv[at] ?? '';
  const attached = /^-([A-Za-z])(\d[\d.]*(?:[eE][-+]?\d+)?)$/.exec(arg);
  if (attached) return { at, length: 1, spelling: `-${attached[1]}`, name: attached[1] ?? '', form: 'attached', value: attached[2] ?? '' };
  const match = LONG.exec(arg) ?? SHORT.exec(arg);
  if (!match) return null;
  const [, word = '', given] = match;
  const spelling = arg.startsWith('--') ? `--${word}` : `-${word}`;
  const name = paramName(word);
  if (given !== undefined) return { at, length: 1, spelling, name, form: 'equals', value: given };
  const values = valuesAfter(argv, at);
  if (values.length > 0) return { at, length: 1 + values.length, spelling, name, form: 'next', value: values.join(' ') };
  const negated = /^--no-(.+)$/.exec(arg);
  if (negated) return { at, length: 1, spelling: `--${negated[1]}`, name: paramName(negated[1] ?? ''), form: 'no', value: 'false' };
  return { at, length: 1, spelling, name, form: 'bare', value: 'true' };
}

/** What belongs to the flag at `at`: one value, or a row of numbers; a negative number is a value, not a flag. */
function valuesAfter(argv: readonly string[], at: number): string[] {
  const first = argv[at + 1];
  if (first === undefined || !isValue(first)) return [];
  const values = [first];
  for (let i = at + 2; NUMBER.test(first) && i < argv.length && NUMBER.test(argv[i] ?? ''); i++) values.push(argv[i] ?? '');
  return values;
}
const isValue = (arg: string): boolean => NUMBER.test(arg) || !arg.startsWith('-') || arg === '-';

/** The params that the flags of a command say. A flag said twice has both values, with a comma between. */
export function parseFlags(argv: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, flags] of byName(argv)) params[name] = flags.map((flag) => flag.value).join(',');
  return params;
}

function byName(argv: readonly string[]): Map<string, Flag[]> {
  const names = new Map<string, Flag[]>();
  for (const flag of findFlags(argv)) names.set(flag.name, [...names.get(flag.name) ?? [], flag]);
  return names;
}

export interface ApplyOptions {
  /** How the script spells a param that isn't among the flags yet; without it the name as it was given. */
  spelling?: (name: string) => string;
}

/**
 * argv with params changed in place, or added at its end where they aren't there yet. Params that are the same already touch
 * nothing. `false` takes a bare flag away and adds none; `true` adds a bare flag (what store_true and click's flags want).
 */
export function applyParams(argv: readonly string[], changes: Readonly<Record<string, string>>, options: ApplyOptions = {}): string[] {
  const names = byName(argv);
  const replaced = new Map<number, { length: number; by: string[] }>();
  const added: string[] = [];
  for (const [given, value] of Object.entries(changes)) {
    const name = paramName(given);
    const flags = names.get(name);
    if (!flags) {
      added.push(...newFlag(options.spelling?.(given) ?? given, value));
      continue;
    }
    if (flags.map((flag) => flag.value).join(',') === value) continue;
    const values = flags.length > 1 ? value.split(',') : [value];
    const last = flags.length - 1;
    for (const [i, flag] of flags.entries()) {
      const mine = i === last ? values.slice(i) : values.slice(i, i + 1);
      replaced.set(flag.at, { length: flag.length, by: mine.flatMap((part) => spell(flag, part)) });
    }
  }
  const made: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const change = replaced.get(i);
    if (!change) { made.push(argv[i] ?? ''); continue; }
    made.push(...change.by);
    i += change.length - 1;
  }
  const stop = made.indexOf('--', Math.max(scriptIndex(made), 0) + 1);
  made.splice(stop < 0 ? made.length : stop, 0, ...added);
  return made;
}

function newFlag(name: string, value: string): string[] {
  if (value === 'true') return [`--${name}`];
  if (value === 'false') return [];
  return withValue(`--${name}`, value, 'next');
}

function spell(flag: Flag, value: string): string[] {
  if (flag.form === 'bare' || flag.form === 'no') {
    if (value === 'true') return [flag.spelling];
    if (value === 'false') return flag.form === 'no' ? [`--no-${flag.spelling.slice(2)}`] : [];
  }
  return withValue(flag.spelling, value, flag.form);
}

function withValue(spelling: string, value: string, form: Flag['form']): string[] {
  if (form === 'attached' && /^\d[\d.]*(?:[eE][-+]?\d+)?$/.test(value)) return [`${spelling}${value}`];
  const row = value.split(' ');
  if (form !== 'equals' && row.length > 1 && row.every((part) => NUMBER.test(part))) return [spelling, ...row];
  if (form === 'equals' || value === '' || !isValue(value)) return [`${spelling}=${value}`];
  return [spelling, value];
}
