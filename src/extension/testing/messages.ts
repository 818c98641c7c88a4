/** Why a test failed, as the editor shows it: what was expected beside what is. Pure. */
import type { Check, Compared, EvaluationDoc, EvaluationTest } from '../../protocol/evaluation/result';
import { formatDelta, formatNumber } from '../base/format';
import { limitWords, valueWords } from '../evaluation/words';

export interface Message { text: string; expected?: string; actual?: string }

/** One message for each limit that isn't kept; the test's own words where the evaluation isn't at hand or says no more. */
export function failureMessages(test: EvaluationTest, doc: EvaluationDoc | undefined): Message[] {
  const found = doc === undefined ? [] : messagesOf(test, doc);
  return found.length > 0 ? found : [{ text: test.message === '' ? `${test.name} fails` : test.message }];
}

function messagesOf(test: EvaluationTest, doc: EvaluationDoc): Message[] {
  if (test.kind === 'pinned') {
    const found = doc.pinned.find(({ example }) => test.name === example.id || test.name === `${example.id}: ${example.note}`);
    if (!found || found.outcome !== 'fail') return [];
    const within = found.example.within === undefined ? '' : ` ± ${formatNumber(found.example.within)}`;
    const note = found.example.note === '' ? '' : ` (${found.example.note})`;
    return [{ text: `${found.reason || 'it has to come out otherwise'}${note}`, expected: `${found.example.expected}${within}`, actual: String(found.predicted ?? 'no prediction') }];
  }
  const part = test.kind === 'overall' ? doc.overall : doc.slices.find(({ name }) => name === test.name);
  if (!part) return [];
  const reasons = test.kind === 'overall' ? doc.reasons.map((text) => ({ text })) : [];
  const told = [...part.checks.filter(({ outcome }) => outcome === 'fail').map(checkMessage), ...gateMessage(part.compared, doc)];
  return told.length > 0 ? told : reasons;
}

/** Beside the line the editor shows fifteen characters of each: the interval stands in the text. */
const checkMessage = (check: Check): Message => ({ text: check.reason || `${limitWords(check)} is not kept: ${valueWords(check)}`, expected: expectedWords(check), actual: formatNumber(check.value) });

function expectedWords({ min, max }: Pick<Check, 'min' | 'max'>): string {
  if (min !== null && max !== null) return `${formatNumber(min)} to ${formatNumber(max)}`;
  return min !== null ? `at least ${formatNumber(min)}` : `at most ${formatNumber(max)}`;
}

function gateMessage(compared: Compared | null, doc: EvaluationDoc): Message[] {
  if (!compared?.failed) return [];
  const { verdict } = compared;
  const [low = null, high = null] = verdict.interval ?? [];
  const most = doc.request.gate.maxWorsening;
  return [{
    text: verdict.reason || `worse than ${doc.baseline?.name ?? 'the baseline'}: ${valueWords({ value: verdict.difference, low, high })}`,
    expected: `at most ${formatNumber(most)} worse`,
    actual: formatDelta(verdict.difference ?? NaN),
  }];
}
