import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import path from 'node:path';
import { bench, table, typesOf } from './support';

const { file, open, refused, dir } = bench();

describe('a CSV file', () => {
  it('has missing values only where a field is empty and without quotes', async () => {
    file('missing.csv', 'word,number\nNA,1\nNone,2\nnull,3\nnan,\n"",5\n,6\n');
    const data = await open('missing.csv');
    expect(await table(data)).toEqual({ word: ['NA', 'None', 'null', 'nan', '', null], number: [1, 2, 3, null, 5, 6] });
    expect(await data.missing()).toEqual({ word: 1, number: 1 });
  });

  it('is found to have the narrowest type that all its cells are of', async () => {
    file('types.csv', [
      'whole,half,truth,day,moment,zoned,word,code,mixed,huge,gone',
      '1,1.0,True,2026-01-31,2026-01-31 10:00:00,2026-01-31T10:00:00+02:00,a,007,1,12345678901234567890,',
      '-2,2e-3,False,2024-02-29,2026-01-31T10:00:00.5,2026-01-31T10:00:00Z,b,12,x,1,',
      ',inf,,,,,,,,,',
    ].join('\n'));
    const data = await open('types.csv');
    expect(typesOf(data)).toEqual({ whole: 'int', half: 'float', truth: 'bool', day: 'date', moment: 'time', zoned: 'time', word: 'string', code: 'string', mixed: 'string', huge: 'string', gone: 'float' });
    expect(await table(data)).toMatchObject({
      whole: [1, -2, null], half: [1, 0.002, Infinity], truth: [true, false, null], day: ['2026-01-31', '2024-02-29', null],
      moment: ['2026-01-31T10:00:00', '2026-01-31T10:00:00.5', null], zoned: ['2026-01-31T08:00:00Z', '2026-01-31T10:00:00Z', null], code: ['007', '12', null], gone: [null, null, null],
    });
  });

  it('gives a column the wider type that a late cell asks for', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${i},${i % 2 ? 'True' : 'False'}`);
    file('late.csv', ['a,b,c', ...rows, '1.5,x,maybe'].join('\n'));
    const data = await open('late.csv');
    expect(typesOf(data)).toEqual({ a: 'float', b: 'string', c: 'string' });
    expect(await data.cells([30_000, 0], ['a', 'b', 'c'])).toEqual([[1.5, 'x', 'maybe'], [0, '0', 'False']]);
  });

  it('has the declared types, whatever would be found', async () => {
    file('declared.csv', 'a,b,c,d,e\n1,1,1,2026-01-01,1.0\n2,0,007,2026-01-02,2\n');
    const data = await open('declared.csv', { types: { a: 'float', b: 'bool', c: 'string', d: 'string', e: 'int' } });
    expect(typesOf(data)).toEqual({ a: 'float', b: 'bool', c: 'string', d: 'string', e: 'int' });
    expect(await table(data)).toEqual({ a: [1, 2], b: [true, false], c: ['1', '007'], d: ['2026-01-01', '2026-01-02'], e: [1, 2] });
  });

  it.each([
    ['float', '"nan"', 'nan', 'is not a number'], ['float', '1_000', '1_000', 'is not a number'], ['int', '1.5', '1.5', 'is not a whole number'], ['int', '1e3', '1e3', 'is not a whole number'],
    ['int', '9223372036854775808', '9223372036854775808', 'is not a whole number'], ['bool', 'yes', 'yes', 'is not True or False'], ['date', '2026-02-30', '2026-02-30', 'is not a date'],
    ['time', 'noon', 'noon', 'is not a moment'], ['float', '""', '', 'empty text in quotes'],
  ] as const)('refuses a cell that is no %s: %s', async (type, cell, shown, why) => {
    file('cell.csv', `id,x\n1,\n2,"a\nb"\n3,${cell}\n`.replace('"a\nb"', ''));
    const error = await refused('cell.csv', { types: { x: type } });
    expect(error.message).toContain(`${path.join(dir, 'cell.csv')}, line 4, column x: "${shown}"`);
    expect(error.message).toContain(why);
  });

  it('counts the lines of texts that go over several', async () => {
    file('lines.csv', 'id,note,x\n1,"one\ntwo\nthree",1\n2,"",2\n3,,oops\n');
    expect((await refused('lines.csv', { types: { x: 'float' } })).message).toContain('lines.csv, line 6, column x: "oops" is not a number');
  });

  it('refuses a type for a column that is not there, and names the one that was meant', async () => {
    file('meant.csv', 'income,b\n1,2\n');
    expect(await refused('meant.csv', { types: { incone: 'float' } })).toMatchObject({ code: 'bad_input', hint: 'did you mean income?' });
  });

  it('may have a byte order mark, CRLF, quoted separators and quotes, and line breaks in texts', async () => {
    file('rfc.csv', '\ufeff"a, b",c\r\n"x ""y"", z",1\r\n"two\r\nlines",2\r\n\r\n');
    expect(await table(await open('rfc.csv'))).toEqual({ 'a, b': ['x "y", z', 'two\r\nlines'], c: [1, 2] });
  });

  it('may end its lines as old Macs did, but not in two ways', async () => {
    file('mac.csv', 'a,b\r1,2\r3,4\r');
    expect(await table(await open('mac.csv'))).toEqual({ a: [1, 3], b: [2, 4] });
    file('mixed.csv', 'a,b\n1,2\r\n3,4\n');
    expect((await refused('mixed.csv')).message).toMatch(/its lines end in different ways/);
  });

  it.each([[';', '1,5;x\n2,5;y'], ['\t', 'a,b\tx\nc\ty'], ['|', '1|x\n2|y']])('may be separated by %j', async (sign, rows) => {
    file('separated.csv', `first${sign}second\n${rows}\n`);
    expect(Object.keys(typesOf(await open('separated.csv')))).toEqual(['first', 'second']);
  });

  it('may be compressed', async () => {
    file('packed.csv.gz', gzipSync('a,b\n1,x\n2,y\n'));
    expect(await table(await open('packed.csv.gz'))).toEqual({ a: [1, 2], b: ['x', 'y'] });
  });

  it('is separated by tabs where it is TSV, and commas are text there', async () => {
    file('t.tsv', 'a\tb\n1,5\tx\n2,5\ty\n');
    expect(await table(await open('t.tsv'))).toEqual({ a: ['1,5', '2,5'], b: ['x', 'y'] });
  });

  it('may have long and strange names', async () => {
    const long = 'x'.repeat(5000);
    file('names.csv', `código país,${long},"say ""hi""",select,rowid,Age,age\nä,1,2,3,4,5,6\n`);
    const data = await open('names.csv');
    expect(await table(data)).toEqual({ 'código país': ['ä'], [long]: [1], 'say "hi"': [2], select: [3], rowid: [4], Age: [5], age: [6] });
    expect((await data.members(['"select" = 3 and rowid = 4 and "say ""hi""" = 2 and Age < age']))[0]).toEqual(new Uint8Array([1]));
  });

  it('may have one column, whose empty lines are missing values', async () => {
    file('one.csv', 'a\n1\n\n3\n');
    expect(await table(await open('one.csv'))).toEqual({ a: [1, null, 3] });
  });

  it.each([
    ['is empty', '', /empty\.csv is empty: there are no rows/],
    ['has a header alone', 'a,b\n', /there are no rows/],
    ['has a short row', 'a,b,c\n1,2,3\n4,5\n', /line 3: 2 fields, the header has 3/],
    ['has a long row', 'a,b\n1,2\n3,4\n5,6,7\n', /line 4: 3 fields, the header has 2/],
    ['has two columns of a name', 'a,b,a\n1,2,3\n', /line 1: two columns are called a/],
    ['has a column without a name', 'a,,c\n1,2,3\n', /line 1: column 2 has no name/],
    ['has a quote that does not end', 'a,b\n1,"x\n2,3\n', /line 2: a quoted text does not end/],
    ['is not UTF-8', new Uint8Array([...Buffer.from('a,b\n1,caf'), 0xe9, 0x0a]), /empty\.csv, line 2: it is not UTF-8/],
    ['is not UTF-8 in its header', new Uint8Array([...Buffer.from('caf'), 0xe9, ...Buffer.from(',b\n1,2\n')]), /empty\.csv, line 1: it is not UTF-8/],
  ])('is refused where it %s', async (_, content, message) => {
    file('empty.csv', content);
    const error = await refused('empty.csv');
    expect(error.code).toBe('bad_input');
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(error.hint).not.toBe('');
  });

  it('is one of several with the same columns; another column is named with its file', async () => {
    file('many/b.csv', 'a,b\n3,x\n');
    file('many/a.csv', 'a,b\n1,y\n2,z\n');
    const data = await open(['many/*.csv']);
    expect(data.files).toEqual(['a', 'b'].map((one) => path.join(dir, 'many', `${one}.csv`)));
    expect(await table(data)).toEqual({ a: [1, 2, 3], b: ['y', 'z', 'x'] });
    file('many/c.csv', 'a,c\n3,x\n');
    expect((await refused('many/*.csv')).message).toMatch(/c\.csv lacks column b, which .*a\.csv has/);
    file('many/c.csv', 'b,a\n3,x\n');
    expect((await refused('many/*.csv')).message).toMatch(/c\.csv: column 1 is b, in .*a\.csv it is a/);
    file('many/c.csv', 'a,b\noops,x\n');
    expect((await refused('many/*.csv', { types: { a: 'int' } })).message).toMatch(/c\.csv, line 2, column a: "oops"/);
  });
});
