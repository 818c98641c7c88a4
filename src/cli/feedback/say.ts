/** One's own word on a row, and what all words come to. */
import { RunyardError } from '../../core/base/errors';
import { EXIT, type Invocation } from '../command';
import type { Subcommand } from '../registry/subcommand';
import { actor } from '../registry/who';
import { visible } from '../terminal';
import { JUDGEMENTS, type Judgement } from '../../protocol/monitoring';
import { agreementText, summaryText } from './text';
import { MODEL_OPTION, modelOf, sinceOf } from './words';

const ROW = { row: { value: 'N', help: 'of the request, 0 the first (default: 0)' } };
const rowOf = (call: Invocation): number => call.whole('row', { least: 0, otherwise: 0 });

export const judge: Subcommand = {
  name: 'judge',
  usage: 'REQUEST right|wrong|unsure --model NAME@ENV',
  summary: 'say what you think of what the model said',
  options: { ...MODEL_OPTION, ...ROW, answer: { value: 'LABEL', help: 'what is right' }, comment: { value: 'TEXT', help: 'why' } },
  words: { least: 2, most: 2, what: 'a request, and right, wrong or unsure' },
  async run(call, [request = '', word = '']) {
    if (!(JUDGEMENTS as readonly string[]).includes(word)) throw new RunyardError('bad_input', `${word} is no judgement`, 'write right, wrong or unsure');
    const [answer, comment] = [call.text('answer'), call.text('comment')];
    const done = await (await call.engine()).request('feedback.judge', { model: modelOf(call), request, row: rowOf(call), judgement: word as Judgement, ...(answer !== undefined && { answer }), ...(comment !== undefined && { comment }), ...await actor(call.io) });
    call.answer(done, () => call.io.err.line(visible(`runyard: ${request} is called ${word}`)));
    return EXIT.done;
  },
};

export const undo: Subcommand = {
  name: 'undo',
  usage: 'REQUEST --model NAME@ENV',
  summary: 'take your own last word on a row back',
  options: { ...MODEL_OPTION, ...ROW },
  words: { least: 1, most: 1, what: 'a request' },
  async run(call, [request = '']) {
    const done = await (await call.engine()).request('feedback.undo', { model: modelOf(call), request, row: rowOf(call), ...await actor(call.io) });
    call.answer(done, () => call.io.err.line(visible(done.undone ? `runyard: your word on ${request} is taken back` : `runyard: you said nothing of ${request}`)));
    return done.undone ? EXIT.done : EXIT.no;
  },
};

export const summary: Subcommand = {
  name: 'summary',
  usage: '--model NAME@ENV [--since WHEN]',
  summary: 'how often the model was right, as labels and people say',
  options: { ...MODEL_OPTION, since: { value: 'WHEN', help: 'only what is from then on' } },
  words: { least: 0, most: 0, what: '' },
  async run(call) {
    const found = await (await call.engine()).request('feedback.summary', { model: modelOf(call), ...sinceOf(call, 'since') });
    call.answer(found, () => call.io.out.write(summaryText(found, Date.now())));
    return EXIT.done;
  },
};

export const agreement: Subcommand = {
  name: 'agreement',
  usage: '--model NAME@ENV',
  summary: 'whether reviewers agree (Cohen\'s kappa), and where they don\'t',
  options: MODEL_OPTION,
  words: { least: 0, most: 0, what: '' },
  async run(call) {
    const found = await (await call.engine()).request('review.agreement', { model: modelOf(call) });
    call.answer(found, () => call.io.out.write(agreementText(found, call.io.out)));
    return EXIT.done;
  },
};
