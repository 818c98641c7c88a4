import { EXIT } from '../command';
import { pythonOf } from '../evaluation/ask';
import { askingMonitors } from '../monitoring/ask';
import { momentIn } from '../monitoring/moments';
import { orInterrupted } from '../registry/ask';
import type { Subcommand } from '../registry/subcommand';
import { backtestText } from './backtest-text';

export const backtest: Subcommand = {
  name: 'backtest',
  usage: 'NAME [--policy P]... [--from TIME] [--to TIME] [--run]',
  summary: 'replay the labelled log under several policies: what each would have cost and brought',
  options: {
    policy: { short: 'p', value: 'POLICY', many: true, help: "daily, weekly, monthly, 'every 3d', drift, 'drift 2' (windows in a row), estimated, 'estimated 0.03' (the drop), realised, 'labels 500', never, configured; several with + (default: weekly, drift, estimated, never)" },
    from: { value: 'TIME', help: 'only rows from this moment on' },
    to: { value: 'TIME', help: 'only rows before it' },
    run: { help: "run the experiment's command for each model, in place of a stand-in" },
    seed: { value: 'N', help: 'the same seed, the same figures (default: 0)' },
    python: { value: 'PATH', help: 'the Python for models that need one (default: the one that this terminal has)' },
  },
  words: { least: 1, most: 1, what: 'the name of a retraining of runyard.yaml' },
  run: (call, [name = '']) => orInterrupted(async () => {
    const [from, to] = [momentIn(call, 'from'), momentIn(call, 'to')];
    const seed = call.whole('seed', { least: 0, otherwise: 0 });
    const doc = await askingMonitors(call, async (client, job) => client.request('retraining.backtest', {
      job, name, policies: call.texts('policy').flatMap((text) => text.split(',')).map((text) => text.trim()).filter((text) => text !== ''), run: call.flag('run'), seed, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...await pythonOf(call, client),
    }));
    call.answer(doc, () => call.io.out.write(backtestText(doc, call.io.out)));
    return EXIT.done;
  }),
};
