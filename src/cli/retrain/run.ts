import type { EngineClient } from '../../engine/client/client';
import type { RetrainingRun } from '../../protocol/monitoring';
import { EXIT, type Invocation } from '../command';
import { actor } from '../registry/who';
import type { Subcommand } from '../registry/subcommand';
import { retrainingText } from './retraining-text';

const LOOK_MS = 500;
const DONE = new Set<RetrainingRun['state']>(['registered', 'promoted']);

export const run: Subcommand = {
  name: 'run',
  usage: 'NAME [--reason R] [--force] [--alert ALERT] [--detach]',
  summary: 'train anew now, whatever the triggers say, and hold the result against what is live',
  options: {
    reason: { value: 'TEXT', help: 'why; kept with it' },
    force: { help: 'also within the cool-down or beyond the budget; needs a reason' },
    alert: { value: 'ALERT', help: 'the alert that it answers, which hears what came of it' },
    detach: { help: "don't wait for its end" },
  },
  words: { least: 1, most: 1, what: 'the name of a retraining of runyard.yaml' },
  async run(call, [name = '']) {
    const client = await call.engine();
    const alert = call.text('alert');
    const begun = await client.request('retraining.run', { name, reason: call.text('reason') ?? '', force: call.flag('force'), ...(alert !== undefined && { alert }), ...await actor(call.io) });
    const over = call.flag('detach') ? begun : await ended(call, client, begun);
    if (!over) return EXIT.interrupted;
    call.answer(over, () => call.io.out.write(retrainingText(over, call.io.out)));
    return over.ended === null || DONE.has(over.state) ? EXIT.done : EXIT.no;
  },
};

/** Null where a person doesn't wait any more: it goes on in the engine. */
async function ended(call: Invocation, client: EngineClient, begun: RetrainingRun): Promise<RetrainingRun | null> {
  let left = false;
  let state = '';
  const heard = call.io.onInterrupt(() => { left = true; });
  try {
    for (let now: RetrainingRun | undefined = begun; ; now = await look(client, begun)) {
      if (now === undefined || now.ended !== null) return now ?? begun;
      if (left) {
        call.io.err.line(`runyard: it goes on: see runyard retrain list`);
        return null;
      }
      if (now.state !== state) call.io.err.line(now.run === null ? 'runyard: gathering rows' : `runyard: run ${now.run.slice(0, 8)}`);
      state = now.state;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    heard.dispose();
  }
}

async function look(client: EngineClient, { id, name }: RetrainingRun): Promise<RetrainingRun | undefined> {
  const { retrainings } = await client.request('retraining.list');
  return retrainings.find((one) => one.name === name)?.runs.find((one) => one.id === id);
}
