import { EXIT } from '../command';
import type { Subcommand } from '../registry/subcommand';
import { retrainingsText } from './retraining-text';

export const list: Subcommand = {
  name: 'list',
  usage: '',
  summary: 'what runyard.yaml has under retraining:, with the last one of each, the budget used and what holds it',
  words: { least: 0, most: 0, what: '' },
  async run(call) {
    const answer = await (await call.engine()).request('retraining.list');
    call.answer(answer, () => {
      if (answer.retrainings.length + answer.broken.length === 0) call.io.err.line('No retraining yet. Name one under retraining: in runyard.yaml, with model: and experiment:.');
      else call.io.out.write(retrainingsText(answer, Date.now(), call.io.out));
    });
    return EXIT.done;
  },
};
