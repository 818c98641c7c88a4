import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { countReport } from '../../../scripts/lib/report.mjs';

function reportOf(testResults: { name: string; status: string; statuses: string[] }[]): string {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'ry-report-')), 'report.json');
  const all = testResults.flatMap(({ statuses }) => statuses);
  const count = (wanted: string): number => all.filter((one) => one === wanted).length;
  const report = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults: testResults.map(({ name, status, statuses }) => ({
      name,
      status,
      assertionResults: statuses.map((one, at) => ({ status: one, fullName: `${name} ${at}` })),
    })),
  };
  writeFileSync(file, JSON.stringify(report));
  return file;
}

describe('the count at the end of npm test', () => {
  test('adds up what passed and what failed', () => {
    const file = reportOf([{ name: 'a', status: 'failed', statuses: ['passed', 'failed', 'passed'] }]);
    expect(countReport(file, 1)).toEqual({ passed: 2, failed: 1, notes: [] });
  });

  test('counts a file that could not be loaded as a failure', () => {
    const file = reportOf([{ name: 'a', status: 'passed', statuses: ['passed'] }, { name: 'b', status: 'failed', statuses: [] }]);
    expect(countReport(file, 1)).toEqual({ passed: 1, failed: 1, notes: ['failed outside its tests: b'] });
  });

  test('never calls a failed run green, even when each of its tests passed', () => {
    const file = reportOf([{ name: 'a', status: 'passed', statuses: ['passed'] }]);
    expect(countReport(file, 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(countReport('/nowhere/report.json', 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  test('names each test that was left out', () => {
    const file = reportOf([{ name: 'a', status: 'passed', statuses: ['passed', 'skipped'] }]);
    expect(countReport(file, 0)).toEqual({ passed: 1, failed: 0, notes: ['not run: a 1'] });
  });
});
