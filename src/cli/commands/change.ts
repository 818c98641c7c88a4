import { EXIT, type Command } from '../command';
import { bytes } from '../format';

export const stop: Command = {
  name: 'stop',
  usage: 'RUN...',
  summary: 'stop runs: an interrupt first, then termination, then a kill, with time between',
  example: 'runyard stop @last',
  words: { least: 1, most: Infinity, what: 'a run' },
  async run(call) {
    const client = await call.engine();
    const stopped: { run: string; state: string }[] = [];
    for (const run of call.positionals) stopped.push({ run, ...(await client.request('runs.stop', { run })) });
    call.answer({ runs: stopped }, () => {
      for (const { run, state } of stopped) call.io.err.line(state === 'running' ? `${run} was asked to stop` : `${run} is ${state}`);
    });
    return EXIT.done;
  },
};

export const remove: Command = {
  name: 'delete',
  usage: 'RUN...',
  summary: 'put runs into the trash; nothing is gone until `runyard gc`',
  example: 'runyard delete 3fa9c1',
  words: { least: 1, most: Infinity, what: 'a run' },
  async run(call) {
    const client = await call.engine();
    const done = await client.request('runs.delete', { runs: call.positionals });
    call.answer(done, () => call.io.err.line(`${countOf(done.runs.length)} in the trash: runyard restore ${done.runs.map((id) => id.slice(0, 8)).join(' ')} takes ${done.runs.length === 1 ? 'it' : 'them'} back`));
    return EXIT.done;
  },
};

export const restore: Command = {
  name: 'restore',
  usage: 'RUN...',
  summary: 'take runs back out of the trash',
  example: 'runyard restore 3fa9c1',
  words: { least: 1, most: Infinity, what: 'a run' },
  async run(call) {
    const client = await call.engine();
    const done = await client.request('runs.restore', { runs: call.positionals });
    call.answer(done, () => call.io.err.line(`${countOf(done.runs.length)} back`));
    return EXIT.done;
  },
};

export const gc: Command = {
  name: 'gc',
  usage: '[--dry-run]',
  summary: 'delete for good what is in the trash, and files that no run needs',
  more: 'A pinned run stays, also in the trash.',
  example: 'runyard gc --dry-run',
  options: { 'dry-run': { help: 'only say what would go' } },
  words: { least: 0, most: 0, what: '' },
  async run(call) {
    const client = await call.engine();
    const report = await client.request('gc.run', { dryRun: call.flag('dry-run') });
    call.answer(report, () => {
      const { out } = call.io;
      for (const { id, name, bytes: size } of report.runs) out.line(`${id.slice(0, 8)}  ${name}  ${bytes(size)}`);
      for (const name of report.kept) out.line(`kept: ${name} (pinned)`);
      out.line(`${report.dryRun ? 'Would free' : 'Freed'} ${bytes(report.bytes)}: ${countOf(report.runs.length)}, ${report.objects} stored file${report.objects === 1 ? '' : 's'}`);
    });
    return EXIT.done;
  },
};

const countOf = (count: number): string => `${count} run${count === 1 ? '' : 's'}`;
