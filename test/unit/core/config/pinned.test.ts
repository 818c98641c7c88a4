import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadPinned, parsePinned, PINNED_FILE, withoutPin, withPin } from '../../../../src/core/config/pinned';

const A = '{"evaluation":"car","id":"7","expected":"1","note":"the one that rang","by":"ana"}';
const B = '{"evaluation":"price","id":"a b","expected":3.5,"within":0.5}';

describe('pinned examples', () => {
  it('are lines of JSON, each for one evaluation', () => {
    expect(parsePinned(`${A}\n\n${B}\n`)).toEqual({
      problems: [],
      pinned: [
        { evaluation: 'car', line: 1, example: { id: '7', expected: '1', note: 'the one that rang', by: 'ana', at: '' } },
        { evaluation: 'price', line: 3, example: { id: 'a b', expected: 3.5, within: 0.5, note: '', by: '', at: '' } },
      ],
    });
  });

  it('that are bad are problems of their lines, and the others work', () => {
    const { pinned, problems } = parsePinned(`{"evaluation":"car","id":\n${A}\r\n{"id":"8","expected":"0"}\n{"evaluation":"car","id":"9","expected":true}`);
    expect(pinned.map(({ line }) => line)).toEqual([2]);
    expect(problems.map(({ file, line, column, severity, message }) => [file, line, column, severity, message.split(':')[0]])).toEqual([
      [PINNED_FILE, 1, 1, 'error', 'not JSON'], [PINNED_FILE, 3, 1, 'error', 'evaluation'], [PINNED_FILE, 4, 1, 'error', 'expected'],
    ]);
  });

  it('of one example the last line counts', () => {
    const { pinned } = parsePinned(`${A}\n${A.replace('"1"', '"0"')}\n`);
    expect(pinned).toMatchObject([{ line: 2, example: { expected: '0' } }]);
  });

  it('are added at the end, replaced in their place and taken away, all other lines as they were', () => {
    const odd = 'not json, mine';
    const text = `${A}\n${odd}\n  ${B}\n`;
    const added = withPin(text, { evaluation: 'car', id: '8', expected: '0' });
    expect(added).toBe(`${text}{"evaluation":"car","id":"8","expected":"0"}\n`);
    expect(withPin(added, { evaluation: 'car', id: '7', expected: '0' })).toBe(added.replace(A, '{"evaluation":"car","id":"7","expected":"0"}'));
    expect(withoutPin(text, { evaluation: 'car', id: '7' })).toBe(`${odd}\n  ${B}\n`);
    expect(withoutPin(text, { evaluation: 'price', id: '7' })).toBeNull();
    expect(withPin('', { evaluation: 'e', id: '1', expected: 1 })).toBe('{"evaluation":"e","id":"1","expected":1}\n');
    expect(withPin(`${A}\r\n`, { evaluation: 'e', id: '1', expected: 1 }).split('\r\n')).toHaveLength(3);
  });

  it('may not be there at all; a file that can\'t be read is a problem', () => {
    const dir = mkdtempSync(join(tmpdir(), 'runyard-pinned-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    expect(loadPinned(dir)).toEqual({ pinned: [], problems: [] });
    writeFileSync(join(dir, PINNED_FILE), A);
    expect(loadPinned(dir).pinned).toHaveLength(1);
    rmSync(join(dir, PINNED_FILE));
    mkdirSync(join(dir, PINNED_FILE));
    expect(loadPinned(dir).problems[0]?.message).toMatch(/^can't be read/);
  });
});
