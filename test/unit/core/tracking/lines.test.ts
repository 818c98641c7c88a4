import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { metricEvent } from '../../../../src/protocol/spool';
import { parseLines } from '../../../../src/core/tracking/lines';
import { readPiece } from '../../../../src/core/tracking/spool-reader';

const dir = mkdtempSync(join(tmpdir(), 'runyard-lines-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('lines of a spool', () => {
  it('the quick way for metrics takes what the schema takes, and nothing else', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom('NaN', 'Infinity', '-Infinity', 'nan', null, true, '1'));
    const event = fc.record({ e: fc.constant('m'), t: fc.oneof(fc.double(), fc.constant('1')), s: fc.oneof(fc.integer(), fc.double(), fc.constant(undefined)), m: fc.oneof(fc.dictionary(fc.string(), value), fc.constantFrom(null, [], 3)) });
    fc.assert(fc.property(event, (said) => {
      const line = JSON.stringify(said);
      const wanted = metricEvent.safeParse(JSON.parse(line));
      const parsed = parseLines(`${line}\n`, 'f', 1);
      expect(parsed.events).toEqual(wanted.success ? [wanted.data] : []);
      expect(parsed.problems.length).toBe(wanted.success ? 0 : 1);
    }), { numRuns: 300 });
  });

  it('a file of rubbish is told of, and does not fill the store', () => {
    const { problems, lines } = parseLines('x\n'.repeat(10_000), 'f', 5);
    expect(lines).toBe(10_000);
    expect(problems).toHaveLength(50);
    expect(problems[0]).toMatchObject({ file: 'f', line: 5 });
    expect(problems[49]?.text).toContain('9950 more lines');
  });

  it('an edit may move the run to another experiment', () => {
    expect(parseLines('{"e":"edit","t":1,"experiment":"b"}\n', 'f', 1)).toMatchObject({ problems: [], events: [{ e: 'edit', t: 1, experiment: 'b' }] });
  });
});

describe('pieces of a spool', () => {
  it('joined they are the whole lines, wherever the file is cut', () => {
    const file = join(dir, 'a');
    fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\n')), { maxLength: 20 }), fc.nat(), (lines, cut) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const end = bytes.length === 0 ? 0 : cut % (bytes.length + 1);
      writeFileSync(file, bytes.subarray(0, end));
      const first = readPiece(file, 0);
      writeFileSync(file, bytes);
      const second = readPiece(file, first?.to ?? 0);
      expect((first?.text ?? '') + (second?.text ?? '')).toBe(bytes.toString());
      expect(second).toMatchObject({ to: bytes.length, torn: '', end: true });
    }), { numRuns: 100 });
  });

  it('a line longer than a piece is read whole; one beyond all measure is passed over', () => {
    const file = join(dir, 'b');
    writeFileSync(file, `${'a'.repeat(1_000_000)}\nb\n`);
    expect(readPiece(file, 0)).toMatchObject({ to: 1_000_003, end: true });
    writeFileSync(file, 'a'.repeat(40_000_000));
    const piece = readPiece(file, 0);
    expect(piece?.to).toBeGreaterThan(10_000_000);
    expect(piece?.text.length).toBeLessThan(1000);
  });

  it('a file that is gone is nothing', () => {
    expect(readPiece(join(dir, 'none'), 0)).toBeNull();
  });
});
