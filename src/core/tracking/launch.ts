/** From what a door asks to the spec of each run, and to what is shown before. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { launchParams, type LaunchParams, type LaunchPreview } from '../../protocol/engine';
import type { RunSpec } from '../../protocol/spool';
import type { Clock } from '../base/clock';
import { RunyardError } from '../base/errors';
import { newRunId } from '../base/ids';
import { nearest } from '../base/nearest';
import type { Config, ExperimentConfig } from '../config/schema';
import { applyParams, isPython, paramName, parseFlags, scriptIndex } from './flags';
import { chooseInterpreter, type Interpreter } from './interpreter';
import { newName } from './names';
import { toRelative, withinWorkspace } from './places';

export interface LaunchContext { workspace: string; config: Config; clock: Clock; env?: NodeJS.ProcessEnv }
export interface LaunchPlan { specs: RunSpec[]; preview: LaunchPreview }

/** Throws bad_input, not_found or refused, with what to do about it. Nothing is written and nothing started. */
export function planLaunch(asked: LaunchParams, context: LaunchContext): LaunchPlan {
  const parsed = launchParams.safeParse(asked);
  if (!parsed.success) throw new RunyardError('bad_input', `the launch can't be read: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  const given = parsed.data;
  const { workspace, config, clock } = context;
  const configured = given.configured === undefined ? null : experimentNamed(given.configured, config);
  const cwd = withinWorkspace(workspace, given.cwd ?? configured?.cwd ?? '.', 'the working directory');
  const env = { ...configured?.env, ...given.env };
  const interpreter = chooseInterpreter({ workspace, given: given.interpreter, configured: configured?.python, env: { ...(context.env ?? process.env), ...env } });
  const command = commandOf({ given, configured, workspace, cwd, interpreter });
  const style = configured?.paramStyle ?? 'both';
  const wanted = { ...configured?.params, ...given.params };
  const spelling = spellingIn(command.script === null ? null : join(workspace, command.script));
  const params = (extra: Record<string, string>): { argv: string[]; params: Record<string, string> } => {
    const all = { ...wanted, ...extra };
    const argv = command.shell || style === 'env' ? command.argv : applyParams(command.argv, all, { spelling });
    const named = Object.fromEntries(Object.entries(all).map(([name, value]) => [paramName(name), value]));
    return { argv, params: { ...(command.shell ? {} : parseFlags(argv)), ...named } };
  };
  const seeds = given.seeds ?? configured?.seeds?.count ?? 1;
  const seedParam = configured?.seeds?.param ?? 'seed';
  const experiment = given.experiment ?? configured?.name ?? (command.script === null ? basename(command.argv[0] ?? 'command') : basename(command.script).replace(/\.[^.]*$/, ''));
  const name = given.name ?? newName();
  const created = clock();
  const specs = Array.from({ length: seeds }, (_, seed): RunSpec => ({
    format: 1, runId: newRunId(), experiment, name: seeds === 1 ? name : `${name}-${seedParam}${seed}`,
    // A later one of the same launch is later: the queue and tables keep their order.
    created: created + seed * 1e-4,
    ...params(seeds === 1 ? {} : { [seedParam]: String(seed) }),
    shell: command.shell, cwd, env, tags: given.tags ?? {}, datasets: given.datasets ?? configured?.datasets ?? [],
    parent: given.parent, source: given.source, script: command.script ?? undefined, interpreter: command.interpreter?.path,
    runner: 'local', attempt: 1, grace: config.stop, resourceSeconds: config.resources.seconds, output: config.output,
  }));
  const first = specs[0];
  if (!first) throw new RunyardError('bad_input', 'a launch needs at least one seed');
  const preview: LaunchPreview = {
    experiment, name: first.name, argv: first.argv, cwd, params: first.params, script: command.script,
    interpreter: command.interpreter?.path ?? null, interpreterFrom: command.interpreter?.from ?? (interpreter === null ? 'no Python was found' : 'the command needs none'),
  };
  return { specs, preview };
}

function experimentNamed(name: string, config: Config): ExperimentConfig {
  const found = config.experiments[name];
  if (found) return found;
  const known = Object.keys(config.experiments);
  const near = nearest(name, known);
  const hint = near ? `did you mean '${near}'?` : known.length > 0 ? `it names ${known.join(', ')}` : 'it names none that can be run: look at its problems';
  throw new RunyardError('not_found', `runyard.yaml names no experiment '${name}'`, hint);
}

interface Command { argv: string[]; shell: boolean; script: string | null; interpreter: Interpreter | null }
interface CommandSources {
  given: { argv?: string[]; shell?: boolean; script?: string };
  configured: ExperimentConfig | null; workspace: string; cwd: string; interpreter: Interpreter | null;
}

function commandOf({ given, configured, workspace, cwd, interpreter }: CommandSources): Command {
  const named = given.script === undefined ? null : scriptNamed(workspace, given.script);
  const argv = given.argv ?? (named === null ? configured?.command : undefined);
  const shell = given.argv === undefined ? (named === null && configured?.shell === true) : given.shell === true;
  if (shell) {
    if (argv?.length !== 1) throw new RunyardError('bad_input', 'a shell command is one text', "quote it: 'python train.py | tee out.txt'");
    return { argv, shell, script: named, interpreter: null };
  }
  if (argv && argv.length > 0) {
    // A bare `python` is the workspace's choice, as it is shown; a path is what the person means.
    const bare = /^python3?$/.test(argv[0] ?? '');
    if (bare && interpreter === null) throw noPython();
    const own = !bare && isPython(argv[0] ?? '') ? { path: toRelativeProgram(workspace, argv[0] ?? ''), from: 'the command' } : null;
    const chosen = bare ? interpreter : own;
    return { argv: chosen ? [chosen.path, ...argv.slice(1)] : argv, shell, script: named ?? scriptIn(argv, workspace, cwd), interpreter: chosen };
  }
  if (named === null) throw new RunyardError('bad_input', 'there is nothing to run', 'give a command, a script, or the name of an experiment of runyard.yaml');
  if (interpreter === null) throw noPython();
  const place = relative(resolve(workspace, cwd), join(workspace, named));
  return { argv: [interpreter.path, place], shell, script: named, interpreter };
}

const noPython = (): RunyardError => new RunyardError('not_found', 'no Python was found', 'select an interpreter in the editor, make a .venv in the workspace, or put python3 on PATH');
const toRelativeProgram = (workspace: string, program: string): string => (isAbsolute(program) ? toRelative(workspace, program) : program);

function scriptNamed(workspace: string, script: string): string {
  const path = withinWorkspace(workspace, script, 'the script');
  if (!existsSync(join(workspace, path))) throw new RunyardError('not_found', `there is no script ${path}`, 'save it first, or look at its path');
  return path;
}

/** The script that a command runs, relative to the workspace; null where it runs none, or one that lies outside. */
function scriptIn(argv: readonly string[], workspace: string, cwd: string): string | null {
  const at = scriptIndex(argv);
  const named = argv[at];
  if (named === undefined) return null;
  const file = argv[at - 1] === '-m' ? `${named.replaceAll('.', '/')}.py` : named;
  const path = toRelative(workspace, resolve(workspace, cwd, file));
  return isAbsolute(path) || !existsSync(join(workspace, path)) ? null : path;
}

/** `batch_size` is `--batch-size` where the script says so; the script itself is the one who knows. */
function spellingIn(script: string | null): (name: string) => string {
  let text: string | null = null;
  return (name) => {
    const dashed = name.replaceAll('_', '-');
    if (dashed === name || script === null) return name;
    text ??= statSync(script).size < 2_000_000 ? readFileSync(script, 'utf8') : '';
    return new RegExp(`--${dashed}\\b`).test(text) && !new RegExp(`--${name}\\b`).test(text) ? dashed : name;
  };
}

export interface RerunContext extends LaunchContext { source: string; interpreter?: string }

/** The spec of a run again, with params changed: same experiment, command, data and tags, a new id and name. */
export function planRerun(spec: RunSpec, changes: Record<string, string>, { workspace, config, clock, source }: RerunContext): RunSpec {
  const style = config.experiments[spec.experiment]?.paramStyle ?? 'both';
  const spelling = spellingIn(spec.script && existsSync(join(workspace, spec.script)) ? join(workspace, spec.script) : null);
  const argv = spec.shell || style === 'env' ? spec.argv : applyParams(spec.argv, changes, { spelling });
  const named = Object.fromEntries(Object.entries(changes).map(([name, value]) => [paramName(name), value]));
  return {
    ...spec, runId: newRunId(), name: newName(), created: clock(), argv, params: { ...spec.params, ...named },
    tags: { ...spec.tags, 'runyard.rerun_of': spec.runId }, parent: undefined, source,
    grace: config.stop, resourceSeconds: config.resources.seconds, output: config.output,
  };
}
