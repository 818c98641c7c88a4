// Adds up what the checks and the tests said, for the one line at the end.
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} notes what a person has to know beside the numbers: tests left out, failures outside any test
 */

/**
 * Counts a Vitest JSON report. A file that could not be loaded counts as one failure, so does a run that failed with all
 * its tests passing (an error that no test caught), and so does a report that is missing.
 * @param {string} file
 * @param {number} exitCode
 * @returns {Tally}
 */
export function countReport(file, exitCode) {
  if (!existsSync(file)) return { passed: 0, failed: 1, notes: ['the tests ended without a report'] };
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { name: string, status: string, assertionResults: { status: string, fullName: string }[] }[] }} */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const broken = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'));
  const skipped = report.testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed'));
  const notes = [
    ...broken.map(({ name }) => `failed outside its tests: ${name}`),
    ...skipped.map(({ fullName }) => `not run: ${fullName}`),
  ];
  const failed = report.numFailedTests + broken.length;
  if (exitCode !== 0 && failed === 0) return { passed: report.numPassedTests, failed: 1, notes: [...notes, 'an error outside any test'] };
  return { passed: report.numPassedTests, failed, notes };
}
