import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VersionRow } from '../../../../../src/protocol/registry';
import { filterVersions, sortVersions, versionKeys, versionsCsv } from '../../../../../webview/registry/model/versions';
import { formatSize, since } from '../../../../../webview/registry/model/words';

const version = (number: number, more: Partial<VersionRow> = {}): VersionRow => ({ model: 'm', version: number, created: number * 1000, author: { name: 'Ana', email: 'ana@example.org' }, description: '', tags: {}, aliases: [], digest: `${number}abcdef`.padEnd(64, '0'), size: number, run: null, licence: '', live: [], was: [], here: true, evaluation: null, ...more });

test('what is live comes first where that is asked, then what was, then the newest', () => {
  const rows = [version(1, { was: ['production'] }), version(2), version(3), version(4, { live: ['production'] })];
  expect(sortVersions(rows, { key: 'live', descending: false }).map((row) => row.version)).toEqual([4, 1, 3, 2]);
});

test('what has nothing there comes last, whichever way it is sorted', () => {
  const rows = [version(1), version(2, { licence: 'MIT' }), version(3, { licence: 'Apache-2.0' })];
  expect(sortVersions(rows, { key: 'licence', descending: false }).map((row) => row.version)).toEqual([3, 2, 1]);
  expect(sortVersions(rows, { key: 'licence', descending: true }).map((row) => row.version)).toEqual([2, 3, 1]);
});

test('sorting loses no version, by any column', () => {
  const row = fc.record<{ number: number; licence: string; live: string[] }>({ number: fc.integer({ min: 1, max: 50 }), licence: fc.constantFrom('', 'MIT'), live: fc.constantFrom<string[]>([], ['production']) });
  fc.assert(fc.property(fc.uniqueArray(row, { selector: (one) => one.number }), fc.constantFrom(...versionKeys), fc.boolean(), (rows, key, descending) => {
    const sorted = sortVersions(rows.map(({ number, ...more }) => version(number, more)), { key, descending });
    expect(sorted.map((one) => one.version).sort((a, b) => a - b)).toEqual(rows.map((one) => one.number).sort((a, b) => a - b));
  }));
});

test('every word of a filter is found somewhere: a number, a tag, a person, the start of a digest', () => {
  const rows = [version(1, { tags: { team: 'credit' } }), version(12, { live: ['production'] })];
  const found = (text: string): number[] => filterVersions(rows, text).map((row) => row.version);
  expect([found('v12'), found('team=credit ana'), found('12abcd'), found('production v1'), found('nobody'), found(' ')]).toEqual([[12], [1], [12], [12], [], [1, 12]]);
});

test('the saved table quotes what needs it', () => {
  expect(versionsCsv([version(1, { description: 'a, "b"' })]).split('\r\n')[1]).toContain(',"a, ""b""",');
});

test('sizes are in powers of a thousand, with the digits that matter', () => {
  expect([0, 12, 4100, 9960, 50_123_456, 2.5e9].map(formatSize)).toEqual(['0 B', '12 B', '4.1 kB', '10 kB', '50 MB', '2.5 GB']);
  expect([since(0, 1000), since(0, 3 * 86_400_000)]).toEqual(['since just now', 'for 3 d']);
});
