import { pairs } from '../parse';
import { EXIT } from '../command';
import type { Subcommand } from '../registry/subcommand';
import { actor } from '../registry/who';
import { placeOf } from '../registry/words';
import { reportText } from './text';
import { askingLong, MODEL_OPTION, modelOf } from './words';

export const importFeedback: Subcommand = {
  name: 'import',
  usage: 'FILE --model NAME@ENV',
  summary: 'join labels that came late to the log, by request or by keys',
  options: {
    ...MODEL_OPTION,
    label: { short: 'l', value: 'COLUMN', help: 'what is right (default: told by its name)' },
    request: { value: 'COLUMN', help: 'of the request that a label is for (default: told by its name)' },
    row: { value: 'COLUMN', help: 'of the row in the request, 0 the first' },
    key: { value: 'COLUMN=LOGCOLUMN', many: true, help: 'a column of the file that is equal to one of the log, in place of the request' },
    time: { value: 'COLUMN', help: 'when a label is of; later than now is not taken' },
    'dry-run': { help: 'only say what it would do' },
  },
  words: { least: 1, most: 1, what: 'a file of labels' },
  run: (call, [file = '']) => askingLong(call, async (client, job) => {
    const keys = pairs(call.texts('key'), 'key');
    const [label, request, row, time] = ['label', 'request', 'row', 'time'].map((option) => call.text(option));
    const report = await client.request('feedback.import', {
      job, model: modelOf(call), file: placeOf(call, file), dryRun: call.flag('dry-run'), ...(label !== undefined && { label }), ...(request !== undefined && { request }), ...(row !== undefined && { row }),
      ...(time !== undefined && { time }), ...(Object.keys(keys).length > 0 && { keys }), ...await actor(call.io),
    });
    call.answer(report, () => call.io.out.write(reportText(report, call.io.out)));
    return report.joined > 0 ? EXIT.done : EXIT.no;
  }),
};
