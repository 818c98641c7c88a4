/** What the ledger tells: what happened, what was live when, and whether anybody touched it. */
import { EXIT } from '../../command';
import { atText, historyText, verifyText } from '../history-text';
import type { Subcommand } from '../subcommand';
import { momentOf } from '../time';
import { needed } from '../words';

export const history: Subcommand = {
  name: 'history',
  usage: 'NAME [--environment E] [--limit N]',
  summary: 'everything that happened to a model, oldest first',
  options: { environment: { value: 'E', help: 'in this environment' }, limit: { value: 'N', help: 'the newest N entries (default: all)' } },
  words: { least: 1, most: 1, what: "a model's name" },
  async run(call, [model = '']) {
    const environment = call.text('environment');
    const limit = call.text('limit') === undefined ? {} : { limit: call.whole('limit', { least: 1, otherwise: 1 }) };
    const found = await (await call.engine()).request('registry.history', { model, ...limit, ...(environment !== undefined && { environment }) });
    call.answer(found, () => {
      const { out, err } = call.io;
      out.write(historyText(found.rows, out));
      if (found.rows.length === 0) err.line('Nothing happened there yet.');
    });
    return EXIT.done;
  },
};

export const at: Subcommand = {
  name: 'at',
  usage: 'NAME --environment E --time 2026-05-03T14:00Z',
  summary: 'what was live at a moment',
  options: { environment: { value: 'E', help: 'in this environment' }, time: { value: 'ISO', help: 'with Z or an offset such as +02:00, else in the time zone here' } },
  words: { least: 1, most: 1, what: "a model's name" },
  async run(call, [model = '']) {
    const environment = needed(call, 'environment', { value: 'E', example: 'production' });
    const time = momentOf(needed(call, 'time', { value: 'ISO', example: '2026-05-03T14:00Z' }));
    const found = await (await call.engine()).request('registry.at', { model, environment, time });
    call.answer(found, () => {
      call.io.out.write(atText(found, { model, environment, time }));
      if (time > Date.now()) call.io.err.line('That moment is yet to come: this is what is live now.');
    });
    return EXIT.done;
  },
};

export const verify: Subcommand = {
  name: 'verify',
  usage: '',
  summary: 'find any entry of the ledger that was edited, removed or moved: exit status 1 where there is one',
  words: { least: 0, most: 0, what: '' },
  async run(call) {
    const found = await (await call.engine()).request('registry.verify');
    call.answer(found, () => call.io.out.write(verifyText(found, call.io.out)));
    return found.ok ? EXIT.done : EXIT.no;
  },
};
