import path from 'node:path';
import { RunyardError } from '../../core/base/errors';
import type { LaunchParams } from '../../protocol/engine';
import { EXIT, type Command, type Invocation, type Options } from '../command';
import { forwardedEnvironment } from '../environment';
import { followRuns, statusOf } from '../follow';
import { pairs } from '../parse';

const followOptions: Options = {
  param: { value: 'NAME=VALUE', many: true, help: 'a param: turned into a flag of the command and RUNYARD_PARAMS' },
  detach: { short: 'd', help: "return at once; the run goes on without this terminal" },
  quiet: { short: 'q', help: "only the run's own output" },
};

export const run: Command = {
  name: 'run',
  usage: '[OPTIONS] -- CMD ARGS... | [OPTIONS] EXPERIMENT',
  summary: 'run a command, or an experiment that runyard.yaml names, and keep every fact about it',
  more: "The command's output passes through, and its exit status is this one's. Ctrl-C stops the run.\n"
    + 'Of the environment, PATH and what chooses a Python, libraries and devices go along; name others with --env.',
  example: 'runyard run --experiment mnist --seeds 5 -- python train.py --lr 0.1',
  options: {
    experiment: { short: 'e', value: 'NAME', help: 'what it is a run of (default: the name of the script)' },
    name: { short: 'n', value: 'NAME', help: 'what the run is called (default: two words)' },
    ...followOptions,
    tag: { value: 'NAME=VALUE', many: true, help: 'a tag' },
    env: { value: 'NAME[=VALUE]', many: true, help: 'a variable of the run; without a value, as it is here' },
    seeds: { value: 'N', help: 'N runs that differ in the seed alone' },
    runner: { value: 'NAME', help: 'where to run it: local' },
    shell: { help: 'what comes after -- is one text for the shell' },
  },
  words: { least: 0, most: 1, what: 'a command after --, or the name of an experiment' },
  takesRest: true,
  anywhere: true,
  async run(call) {
    const params = launchOf(call);
    const client = await call.engine();
    const { runs } = await client.request('runs.launch', params);
    return afterLaunch(call, runs);
  },
};

export const rerun: Command = {
  name: 'rerun',
  usage: 'RUN [OPTIONS]',
  summary: 'run a run again, with other params where they are given',
  example: 'runyard rerun @last --param lr=0.05',
  options: followOptions,
  words: { least: 1, most: 1, what: 'the run to run again' },
  async run(call) {
    const client = await call.engine();
    const { runs } = await client.request('runs.rerun', { run: call.positionals[0] ?? '', params: pairs(call.texts('param'), 'param'), source: 'cli' });
    return afterLaunch(call, runs);
  },
};

function launchOf(call: Invocation): LaunchParams {
  const [configured] = call.positionals;
  const argv = call.rest ?? [];
  if (configured !== undefined && argv.length > 0) {
    throw new RunyardError('bad_input', `either the experiment ${configured} or a command after --, not both`, `write: runyard run --experiment ${configured} -- ${argv.join(' ')}`);
  }
  if (configured === undefined && argv.length === 0) {
    throw new RunyardError('bad_input', 'there is nothing to run', 'write: runyard run -- python train.py, or the name of an experiment of runyard.yaml');
  }
  const runner = call.text('runner') ?? 'local';
  if (runner !== 'local') throw new RunyardError('unsupported', `there is no runner ${runner}`, 'leave --runner out, or write --runner local');
  return {
    ...(configured === undefined ? { argv, cwd: insideWorkspace(call) } : { configured }),
    experiment: call.text('experiment'), name: call.text('name'), shell: call.flag('shell') || undefined,
    params: pairs(call.texts('param'), 'param'), tags: pairs(call.texts('tag'), 'tag'), env: forwardedEnvironment(call.io.env, call.texts('env')),
    seeds: call.text('seeds') === undefined ? undefined : call.whole('seeds', { least: 1, otherwise: 1 }), source: 'cli',
  };
}

/** The person's folder where it lies in the workspace, else the workspace itself. */
function insideWorkspace({ io, workspace }: Invocation): string | undefined {
  const relative = path.relative(workspace, io.cwd);
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : io.cwd;
}

async function afterLaunch(call: Invocation, ids: readonly string[]): Promise<number> {
  if (call.flag('detach')) {
    call.answer({ runs: ids }, () => ids.forEach((id) => call.io.out.line(id)));
    return EXIT.done;
  }
  const { runs, interrupted } = await followRuns(call, ids);
  if (call.json) call.io.out.line(JSON.stringify(ids.length === 1 ? (runs[0] ?? { id: ids[0] }) : { runs }, null, 2));
  if (interrupted) return EXIT.interrupted;
  return runs.map(statusOf).find((status) => status !== 0) ?? EXIT.done;
}
