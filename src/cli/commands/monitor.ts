import { EXIT, type Command } from '../command';
import { monitorsText } from '../monitoring/monitor-text';
import { run } from '../monitoring/monitor-run';
import { optionsOf, runSubcommand, usageLines, type Subcommand } from '../registry/subcommand';

const list: Subcommand = {
  name: 'list',
  usage: '',
  summary: "runyard.yaml's monitors: what each watches, what it found last, when it runs next",
  words: { least: 0, most: 0, what: '' },
  async run(call) {
    const found = await (await call.engine()).request('monitors.list');
    call.answer(found, () => {
      call.io.out.write(monitorsText(found, Date.now(), call.io.out));
      if (found.monitors.length + found.broken.length === 0) call.io.err.line('No monitors. Write one under monitors: in runyard.yaml, as in the template of runyard init.');
    });
    return EXIT.done;
  },
};
const all: readonly Subcommand[] = [run, list];

export const monitor: Command = {
  name: 'monitor',
  usage: `[${all.map(({ name }) => name).join('|')}] ...`,
  summary: 'watch what a deployed model is asked and answers: drift, figures, rows, rules',
  more: `${usageLines('monitor', all)}\n\nWhat was found is kept, and alerts open where checks fail. Schedules of runyard.yaml run while the engine does; 'monitor run --due' in cron does without.\nExit status of run: 1 where a check fails or an alert is open that nobody looks after, 3 cannot tell, 0 all is well.`,
  example: 'runyard monitor run loan-daily --at 2026-11-16',
  options: optionsOf(all),
  words: { least: 1, most: Infinity, what: 'run or list' },
  run: (call) => runSubcommand(call, 'monitor', all),
};
