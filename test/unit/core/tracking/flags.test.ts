import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyParams, parseFlags, scriptIndex } from '../../../../src/core/tracking/flags';

const params = (line: string): Record<string, string> => parseFlags(line.split(' '));

describe('params read from a command line', () => {
  it.each([
    ['python train.py --lr 0.1 --batch-size=32 -x 3', { lr: '0.1', batch_size: '32', x: '3' }],
    ['python -u -W ignore train.py data.csv --lr 1e-3', { lr: '1e-3' }],
    ['python train.py --bias -0.5 --shift -.5', { bias: '-0.5', shift: '-.5' }],
    ['python train.py --amp --no-shuffle', { amp: 'true', shuffle: 'false' }],
    ['python train.py --layers 64 32 16 --tag a --tag b', { layers: '64 32 16', tag: 'a,b' }],
    ['python train.py --lr 0.1 data.csv', { lr: '0.1' }],
    ['python train.py -x3 --empty=', { x: '3', empty: '' }],
    ['python train.py --lr 1 -- --not-a-flag 2', { lr: '1' }],
    ['python -m pkg.train --lr 2', { lr: '2' }],
    ['torchrun --nproc_per_node 2 train.py --lr 3', { lr: '3' }],
    ['python -c print(1) --lr 4', { lr: '4' }],
    ['./train --lr 5', { lr: '5' }],
    ['.venv/bin/python3.11 train.py', {}],
  ])('%s', (line, expected) => {
    expect(params(line)).toEqual(expected);
  });

  it('says where the script stands', () => {
    expect(scriptIndex(['python', '-X', 'dev', 'train.py', 'x.py'])).toBe(3);
    expect(scriptIndex(['python', '-c', 'pass', 'x.py'])).toBe(-1);
    expect(scriptIndex(['python'])).toBe(-1);
  });
});

describe('params changed in a command line', () => {
  const change = (line: string, changes: Record<string, string>): string => applyParams(line.split(' '), changes).join(' ');
  it.each([
    ['python t.py --lr 0.1 data.csv', { lr: '0.2' }, 'python t.py --lr 0.2 data.csv'],
    ['python t.py --lr=0.1 -x3', { lr: '0.2', x: '4' }, 'python t.py --lr=0.2 -x4'],
    ['python t.py --batch-size 8', { batch_size: '16' }, 'python t.py --batch-size 16'],
    ['python t.py --layers 64 32 --lr 1', { layers: '8 8 8' }, 'python t.py --layers 8 8 8 --lr 1'],
    ['python t.py --amp --no-shuffle', { amp: 'false', shuffle: 'true' }, 'python t.py --shuffle'],
    ['python t.py --tag a --tag b', { tag: 'c' }, 'python t.py --tag c'],
    ['python t.py -- rest', { lr: '1' }, 'python t.py --lr 1 -- rest'],
    ['python t.py', { amp: 'true', debug: 'false', bias: '-1', name: '-odd' }, 'python t.py --amp --bias -1 --name=-odd'],
  ])('%s with %j', (line, changes, expected) => {
    expect(change(line, changes)).toBe(expected);
  });

  it('adds a flag the way the script spells it', () => {
    expect(applyParams(['python', 't.py'], { batch_size: '8' }, { spelling: (name) => name.replaceAll('_', '-') })).toEqual(['python', 't.py', '--batch-size', '8']);
  });
});

const name = fc.stringMatching(/^[a-z]{2,8}(-[a-z]{1,4})?$/).filter((text) => !text.startsWith('no-'));
const number = fc.oneof(fc.integer().map(String), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String));
const word = fc.stringMatching(/^[a-z][a-z0-9_./]{0,8}$/).filter((text) => text !== 'true' && text !== 'false');
const value = fc.oneof(number, word, fc.constant(''), fc.array(number, { minLength: 2, maxLength: 4 }).map((row) => row.join(' ')));
const flag = fc.oneof(
  fc.tuple(name, number).map(([n, v]) => [`--${n}`, v]),
  fc.tuple(name, word).map(([n, v]) => [`--${n}`, v]),
  fc.tuple(name, value).map(([n, v]) => [`--${n}=${v}`]),
  name.map((n) => [`--${n}`]),
);
const command = fc.array(flag, { maxLength: 6 }).map((flags) => ['python', 'train.py', ...flags.flat()]);

describe('flags and params are inverse', () => {
  it('applying what a command says already leaves it as it is', () => {
    fc.assert(fc.property(command, (argv) => { expect(applyParams(argv, parseFlags(argv))).toEqual(argv); }));
  });

  it('a changed command says the changes and everything else as before', () => {
    fc.assert(fc.property(command, fc.dictionary(name.map((n) => n.replaceAll('-', '_')), value, { maxKeys: 4 }), (argv, changes) => {
      const before = parseFlags(argv);
      expect(parseFlags(applyParams(argv, changes))).toEqual({ ...before, ...changes });
    }), { numRuns: 500 });
  });
});
