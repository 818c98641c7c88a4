/** The review queue, and what came of it as data. */
import { EXIT } from '../command';
import { oneOf, partsOf } from '../evaluation/words';
import type { Subcommand } from '../registry/subcommand';
import { actor } from '../registry/who';
import { placeOf } from '../registry/words';
import { REVIEW_SOURCES } from '../../protocol/monitoring';
import type { Invocation } from '../command';
import type { ReviewSource } from '../../protocol/monitoring';
import { exportText, queueText } from './text';
import { askingLong, MODEL_OPTION, modelOf, sinceOf } from './words';

const SOURCES = { sources: { value: 'A,B,...', many: true, help: `only rows asked as ${REVIEW_SOURCES.join(', ')}` } };

function sourcesOf(call: Invocation): { sources?: ReviewSource[] } {
  const named = call.texts('sources').flatMap(partsOf).filter((part) => part !== '');
  return named.length === 0 ? {} : { sources: named.flatMap((part) => oneOf(part, 'sources', REVIEW_SOURCES) ?? []) };
}

export const queue: Subcommand = {
  name: 'queue',
  usage: '--model NAME@ENV',
  summary: 'the rows of the log that a person should look at first, and why',
  options: { ...MODEL_OPTION, ...SOURCES, limit: { short: 'n', value: 'N', help: 'at most so many (default: 50)' }, since: { value: 'WHEN', help: 'only what is from then on' }, seed: { value: 'N', help: 'of the rows by chance (default: 0)' } },
  words: { least: 0, most: 0, what: '' },
  run: (call) => askingLong(call, async (client, job) => {
    const found = await client.request('review.queue', {
      job, model: modelOf(call), limit: call.whole('limit', { least: 1, otherwise: 50 }), seed: call.whole('seed', { least: 0, otherwise: 0 }), ...sinceOf(call, 'from'), ...sourcesOf(call), ...await actor(call.io),
    });
    call.answer(found, () => call.io.out.write(queueText(found, call.io.out)));
    return EXIT.done;
  }),
};

export const exportReviews: Subcommand = {
  name: 'export',
  usage: 'FILE --model NAME@ENV [--previous FILE]',
  summary: 'reviewed rows as the next version of an evaluation set (Parquet)',
  options: {
    ...MODEL_OPTION, ...SOURCES,
    previous: { value: 'FILE', help: 'the version before: its rows come first, and its columns are taken' },
    majority: { help: 'rows on which reviewers differ get the answer that most gave (default: they are left out)' },
  },
  words: { least: 1, most: 1, what: 'the file to write' },
  run: (call, [file = '']) => askingLong(call, async (client, job) => {
    const previous = call.text('previous');
    const done = await client.request('review.export', { job, model: modelOf(call), file: placeOf(call, file), disagreement: call.flag('majority') ? 'majority' : 'leave out', ...(previous !== undefined && { previous: placeOf(call, previous) }), ...sourcesOf(call) });
    call.answer(done, () => call.io.out.write(exportText(done)));
    return EXIT.done;
  }),
};
