import { EXIT } from '../command';
import { pythonOf } from '../evaluation/ask';
import { orInterrupted } from '../registry/ask';
import type { Subcommand } from '../registry/subcommand';
import { askingMonitors } from './ask';
import { runText } from './monitor-text';
import { momentIn } from './moments';

export const run: Subcommand = {
  name: 'run',
  usage: '[MONITOR...] [--due] [--at TIME]',
  summary: 'look at the newest whole window now; without names: all',
  options: {
    due: { help: 'only those whose schedule says so: for cron' },
    at: { value: 'TIME', help: 'the window that holds this moment, such as 2026-11-16' },
    python: { value: 'PATH', help: 'the Python for models that need one (default: the one that this terminal has)' },
  },
  words: { least: 0, most: Infinity, what: '' },
  run: (call, words) => orInterrupted(async () => {
    const at = momentIn(call, 'at');
    const due = call.flag('due');
    const answer = await askingMonitors(call, async (client, job) => client.request('monitors.run', { job, monitors: [...words], due, ...(at !== undefined && { at }), ...await pythonOf(call, client) }));
    call.answer(answer, () => {
      call.io.out.write(runText(answer, call.io.out));
      if (answer.results.length + answer.failed.length === 0) call.io.err.line('Nothing is due.');
    });
    return { pass: EXIT.done, fail: EXIT.no, 'cannot tell': EXIT.cannotTell }[answer.outcome];
  }),
};
