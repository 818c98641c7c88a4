import { RunyardError } from '../../core/base/errors';
import { EXIT, type Command, type Invocation } from '../command';
import { acknowledge, incident, reopen, resolve, snooze } from '../monitoring/alert-act';
import { alertsText, alertText } from '../monitoring/alert-text';
import { checkOptions, optionsOf, runSubcommand, usageLines, type Subcommand } from '../registry/subcommand';

const show: Subcommand = {
  name: 'show', usage: 'ID', summary: 'all that is known of one: what happened, windows, slices that it hits, what to do', words: { least: 1, most: 1, what: "an alert's id, or its beginning" },
  async run(call, [alert = '']) {
    const detail = await (await call.engine()).request('alerts.get', { alert });
    call.answer(detail, () => call.io.out.write(alertText(detail, Date.now(), call.io.out)));
    return EXIT.done;
  },
};
const subcommands: readonly Subcommand[] = [show, acknowledge, snooze, resolve, reopen, incident];

export const alerts: Command = {
  name: 'alerts',
  usage: `[${subcommands.map(({ name }) => name).join('|')}] ...`,
  summary: 'what monitors raised: list, look, acknowledge, snooze, resolve, note',
  more: `Without a word after it: those that are open.\n\n${usageLines('alerts', subcommands)}\n\nAn alert opens once, goes on without a word, and ends by itself after enough passing windows.`,
  example: 'runyard alerts snooze 3fa9c1d2 --for 1d --reason "the feed is late, ops know"',
  options: {
    all: { help: 'the resolved ones, too' }, monitor: { value: 'NAME', help: 'only of this monitor' }, ...optionsOf(subcommands),
  },
  words: { least: 0, most: Infinity, what: '' },
  run(call) {
    if (call.positionals.length === 0) return listAlerts(call);
    for (const option of ['all', 'monitor']) if (call.flag(option)) throw new RunyardError('bad_input', `alerts ${call.positionals[0] ?? ''} takes no --${option}`, `write: runyard alerts --${option}`);
    return runSubcommand(call, 'alerts', subcommands);
  },
};

async function listAlerts(call: Invocation): Promise<number> {
  checkOptions(call, { command: 'alerts', found: null, all: subcommands });
  const monitor = call.text('monitor');
  const all = call.flag('all');
  const found = await (await call.engine()).request('alerts.list', { state: all ? 'all' : 'open', ...(monitor !== undefined && { monitor }), limit: 10_000 });
  call.answer(found, () => {
    call.io.out.write(alertsText(found.alerts, Date.now(), call.io.out));
    if (found.alerts.length === 0) call.io.err.line(all ? 'No alerts so far.' : 'No open alerts.');
  });
  return EXIT.done;
}
