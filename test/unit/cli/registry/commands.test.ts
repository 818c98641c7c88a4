import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { canAsk, confirmed, type Input } from '../../../../src/cli/registry/confirm';
import { terminal } from '../../../../src/cli/terminal';
import { commandLine } from '../../../support/command-line';

const { program } = commandLine();

test.each([
  ['models regster loan', 'models has no regster: did you mean models register?'],
  ['models loan', 'models has no loan: write models show loan, or see runyard models --help'],
  ['models --file m.onnx', 'models takes no --file: it belongs to models register'],
  ['models show loan --tag a=b', 'models show takes no --tag: it belongs to models register and models describe'],
  ['models show', "models show needs a model's name: write: runyard models show NAME [VERSION]"],
  ['models verify loan', "models verify doesn't take loan: write: runyard models verify"],
  ['models register loan', 'there is nothing to register: write --file F, or --run RUN --artifact PATH, or --evaluation ID'],
  ['models register loan --file a --evaluation b', '--file and --evaluation name a model each: keep one'],
  ['models register loan --run a', '--run needs --artifact PATH, the model among its artifacts: write --file F, or --run RUN --artifact PATH, or --evaluation ID'],
  ['models register loan --artifact a', '--artifact needs the run that it is of: write --file F, or --run RUN --artifact PATH, or --evaluation ID'],
  ['models register loan --file a --artifact b', '--artifact belongs to --run: write --file F, or --run RUN --artifact PATH, or --evaluation ID'],
  ['models register loan --file a --tag b', '--tag b is no NAME=VALUE: write --tag name=value'],
  ['models at loan', '--environment E is missing: write --environment production'],
  ['models at loan --environment e', '--time ISO is missing: write --time 2026-05-03T14:00Z'],
  ['models at loan --environment e --time noon', "--time noon isn't a time: write --time 2026-05-03T14:00Z, 2026-05-03T16:00+02:00, or 2026-05-03T14:00 for the time here"],
  ['models history loan --limit 0', "--limit 0 isn't a whole number of at least 1: write --limit 1"],
  ['models alias loan champion', 'models alias needs the version that champion is to name: write: runyard models alias NAME ALIAS VERSION|--delete'],
  ['models alias loan champion 2 --delete', 'either version 2 or --delete, not both: write: runyard models alias NAME ALIAS VERSION|--delete'],
  ['models describe loan', 'there is nothing to say: write --description TEXT, --tag K=V or --delete-tag K'],
  ['gate loan', "gate needs a model's name and a version: write: runyard gate NAME VERSION --to ENV"],
  ['gate loan 2', '--to ENV is missing: write --to production'],
  ['gate loan 2 --to=', '--to is empty: write --to production'],
  ['approve loan 2 --to production', '--comment TEXT is missing: write --comment "what you looked at"'],
  ['promote loan 2', '--to ENV is missing: write --to production'],
  ['rollback loan', '--environment ENV is missing: write --environment production'],
  ['comment hm', "it isn't said what the comment is on: write --run RUN, --model NAME [--version V], or --slice S"],
  ['comment --version 2', '--version needs the model that it is of: write --run RUN, --model NAME [--version V], or --slice S'],
  ['comment --slice s --version 2', '--version needs the model that it is of: write --model NAME --version V'],
  ['comment --run a --slice s', 'a comment is on a run, or on a model, a version or a slice: keep --run, or leave it out'],
])('`%s` is wrong use: %s', async (line, message) => {
  expect(await program(...line.split(' '))).toEqual({ status: 2, out: '', err: `runyard: ${message}\n` });
});

test('a report cannot go where the JSON goes', async () => {
  const { status, out } = await program('gate', 'loan', '2', '--to', 'production', '--json', '--markdown', '-');
  expect([status, JSON.parse(out)]).toEqual([2, { error: { code: 'bad_input', message: '--json and --markdown - both go to standard output', hint: 'write --markdown report.md' } }]);
});

describe('a person at the terminal', () => {
  const typed = (text: string): Input => {
    const input: Input = new PassThrough();
    input.isTTY = true;
    input.push(text);
    input.push(null);
    return input;
  };
  const io = (isTTY: boolean) => {
    let said = '';
    return { said: () => said, io: { err: terminal({ write: (text) => { said += String(text); }, isTTY }, {}) } } as never as { said(): string; io: Parameters<typeof confirmed>[0]['io'] };
  };

  test.each([['y\n', true], ['YES\n', true], [' y \nn\n', true], ['n\n', false], ['\n', false], ['yess\n', false], ['', false]])('%j is %s', async (text, agreed) => {
    const here = io(true);
    expect(await confirmed(here, 'Promote?', typed(text))).toBe(agreed);
    expect(here.said()).toMatch(/^Promote\? \[y\/N\] \n?$/);
  });

  test('nobody is asked where nobody can answer, or where JSON is wanted', () => {
    const pipe: Input = new PassThrough();
    expect([canAsk({ ...io(true), json: false }, typed('')), canAsk({ ...io(true), json: true }, typed('')), canAsk({ ...io(false), json: false }, typed('')), canAsk({ ...io(true), json: false }, pipe)]).toEqual([true, false, false, false]);
  });
});
