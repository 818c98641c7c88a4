import { expect, test } from 'vitest';
import { ago, bytes, duration, figure, signed, table } from '../../../src/cli/format';
import { terminal } from '../../../src/cli/terminal';

const plain = terminal({ write: () => true }, {});

test.each([[0.123456789, '0.12346'], [1 / 3, '0.33333'], [12345678, '12345678'], [1e-7, '1e-7'], [1.5e12, '1.5e+12'], [0, '0'], [-0.5, '-0.5'], ['NaN', 'NaN'], ['-Infinity', '-Infinity'], [null, '']] as const)('%s reads %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

test('a difference has its sign', () => {
  expect([signed(0.25), signed(-0.25), signed(0), signed(null)]).toEqual(['+0.25', '\u22120.25', '0', '']);
});

test('times have the unit that fits', () => {
  expect([0.04, 9.94, 59, 185, 7800, 273_600].map(duration)).toEqual(['0.0 s', '9.9 s', '59 s', '3 min 05 s', '2 h 10 min', '3 d 4 h']);
  expect([1, 42, 61, 7300, 200_000].map(ago)).toEqual(['now', '42 s ago', '1 min ago', '2 h ago', '2 d ago']);
  expect([0, 999, 5030, 81_900_000_000].map(bytes)).toEqual(['0 B', '999 B', '5.03 KB', '81.9 GB']);
});

test('figures stand to the right, and what a name smuggles in is shown instead of obeyed', () => {
  expect(table([{ title: 'name' }, { title: 'acc', right: true }], [['a', '0.5'], ['evil\u001b]0;x\u0007', '0.25']], plain)).toBe(
    'name              acc\na                 0.5\nevil\\x1b]0;x\\x07  0.25\n'.replace('name              acc', 'name               acc').replace('a                 0.5', 'a                  0.5'),
  );
});

test('colour is for terminals, and NO_COLOR and dumb ones get none', () => {
  const tty = { write: () => true, isTTY: true };
  expect(terminal(tty, {}).paint('red', 'x')).toBe('\u001b[31mx\u001b[0m');
  expect(terminal(tty, { NO_COLOR: '1' }).paint('red', 'x')).toBe('x');
  expect(terminal(tty, { TERM: 'dumb' }).paint('red', 'x')).toBe('x');
  expect(plain.paint('red', 'x')).toBe('x');
});

test('columns keep in line when cells are coloured', () => {
  const coloured = terminal({ write: () => true, isTTY: true }, {});
  const text = table([{ title: 'state' }, { title: 'n' }], [[coloured.paint('green', 'finished'), '1'], ['lost', '2']], coloured);
  expect(text.replace(/\u001b\[\d+m/g, '')).toBe('state     n\nfinished  1\nlost      2\n');
});
