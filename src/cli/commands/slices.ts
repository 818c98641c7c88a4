import { discoveryJson } from '../../protocol/evaluation/json';
import { DISCOVER_MODES, LOSSES } from '../../protocol/evaluation/request';
import type { DiscoveryDoc } from '../../protocol/evaluation/result';
import { EXIT, type Command } from '../command';
import { asking, Interrupted, pythonOf } from '../evaluation/ask';
import { discoveryText } from '../evaluation/discovery-text';
import { SUBJECT_OPTIONS } from '../evaluation/options';
import { settingsOf } from '../evaluation/settings';
import { saidInOptions } from '../evaluation/said';
import { savedSlice } from '../evaluation/save';
import { evaluated } from './evaluate';

export const slices: Command = {
  name: 'slices',
  usage: '[NAME] [--model MODEL --data FILES --label COLUMN] [-- CMD ARGS...]',
  summary: 'find the slices of the data where a model is bad, and check them on rows that the search did not see',
  more: 'The model is evaluated first, as `runyard evaluate` does, or a kept evaluation is taken with --show.\n'
    + "The search is SliceLine's, exact, on one half of the rows; what it finds is tested on the other and held against false discovery.\n"
    + 'Exit status: 1 where --mode worsening finds slices that hold on the rows it did not see.',
  example: 'runyard slices --model model.onnx --data test.csv --label repaid --depth 3 --save worst',
  options: {
    ...SUBJECT_OPTIONS,
    show: { value: 'EVALUATION', help: 'search in one that is kept: an id, the start of one, @last or @last:NAME' },
    mode: { value: 'MODE', help: `${DISCOVER_MODES.join(', ')} (default: loss; worsening needs --baseline)` },
    loss: { value: 'L', help: `${LOSSES.join(', ')} (default: zero_one for classes, absolute for numbers)` },
    top: { short: 'k', value: 'K', help: 'so many slices (default: 10)' },
    depth: { value: 'D', help: 'columns in one slice at most, 1 to 4 (default: 2)' },
    'min-support': { value: 'N', help: 'rows in a slice at least (default: 1 % of them, at least 30)' },
    alpha: { value: 'SHARE', help: 'weight of the loss against the size, above 0 up to 1 (default: 0.95)' },
    columns: { value: 'A,B=1;2;3', many: true, help: 'search in these; edges of bins after an =, each bin up to and with its edge' },
    bins: { value: 'N', help: 'of a number without edges, by quantiles (default: 5)' },
    level: { value: 'SHARE', help: 'of false discoveries among what holds (default: 0.05)' },
    'no-check': { help: 'search all rows and check nothing, as SliceLine itself does' },
    save: { value: 'NAME', help: 'write a found slice into runyard.yaml under this name' },
    pick: { value: 'N', help: 'which one to save (default: 1, the first)' },
    owner: { value: 'WHO', help: 'of the slice that is saved' },
    replace: { help: 'even where runyard.yaml has a slice of that name' },
  },
  words: { least: 0, most: Infinity, what: '' },
  takesRest: true,
  anywhere: true,
  async run(call) {
    const settings = settingsOf(call);
    try {
      const { evaluation, cached } = await evaluated(call);
      const found = await asking(call, async (client, job) => client.request('evaluations.discover', { evaluation: evaluation.id, job, settings, ...await pythonOf(call, client) }));
      const saved = await savedSlice(call, found);
      call.answer({ ...discoveryJson(found, cached), ...(saved && { saved }) }, () => {
        call.io.out.write(discoveryText(found, evaluation, call.io.out));
        if (saved) call.io.err.line(`runyard: ${saved.name} is in ${saved.file}, line ${saved.line}`);
      });
      return statusOfSearch(found);
    } catch (error) {
      if (error instanceof Interrupted) return EXIT.interrupted;
      throw saidInOptions(error);
    }
  },
};

/** A slice where the loss is highest there always is; one where the candidate got worse is a no. */
const statusOfSearch = ({ mode, slices: found }: DiscoveryDoc): number => (mode === 'worsening' && found.some(({ holds }) => holds === true) ? EXIT.no : EXIT.done);
