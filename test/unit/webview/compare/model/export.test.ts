import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, toCsv, toMarkdown } from '../../../../../webview/compare/model/export';

/** RFC 4180 read back, to the letter. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quoted && sign === '"' && text[at + 1] === '"') { field += '"'; at += 1; }
    else if (sign === '"') quoted = !quoted;
    else if (quoted || (sign !== ',' && sign !== '\r')) field += sign;
    else {
      row.push(field);
      field = '';
      if (sign === '\r') { rows.push(row); row = []; at += 1; }
    }
  }
  return rows;
}

describe('toCsv', () => {
  it('gives back every text through a reader of RFC 4180', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' ') }), { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      expect(parse(toCsv(['x', 'y'], rows))).toEqual([['x', 'y'], ...rows]);
    }));
  });
  it('leaves nothing for nothing and NaN for NaN', () => expect(toCsv(['a', 'b'], [[null, Number.NaN]])).toBe('a,b\r\n,NaN\r\n'));
});

describe('toMarkdown', () => {
  it('aligns numbers right and keeps pipes and line breaks from breaking the table', () => {
    expect(toMarkdown(['run', 'acc'], [['a|b\nc', '0.9']], [false, true])).toBe('| run | acc |\n| --- | ---: |\n| a\\|b c | 0.9 |\n');
  });
});

it.each([['val/acc by lr', 'val-acc-by-lr.png'], ['../..', 'runyard.png'], ['épreuve', 'e-preuve.png']])('a file of %s is %s', (title, name) => expect(fileName(title, 'png')).toBe(name));
