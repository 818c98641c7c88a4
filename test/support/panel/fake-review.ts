/** A log whose rows a panel asks about, made up: what people say is kept, and what they judged isn't asked again. */
import type { Agreement, FeedbackSummary, Judgement, ReviewItem, ReviewQueue, ReviewSource } from '../../../src/protocol/monitoring';
import { fakeHost, type FakeHost } from './fake-host';

export interface FakeReview extends FakeHost { judged: Map<string, Judgement> }

const SOURCES: readonly (readonly [ReviewSource, string])[] = [
  ['flagged', 'rule too young'], ['shadow', 'version 5 in the shadow says repaid'], ['uncertain', 'the model hesitates: default 52 %, repaid 44 %'], ['drifted', 'income is above the reference\'s 9000 to 91000, branch is not in the reference'], ['random', 'drawn by chance'],
];

export interface FakeReviewOptions { rows?: number; classes?: string[]; task?: string; disagree?: boolean }

export function fakeReview({ rows = 8, classes = ['default', 'late', 'repaid'], task = 'multiclass', disagree = true }: FakeReviewOptions = {}): FakeReview {
  const judged = new Map<string, Judgement>();
  const regression = task === 'regression';
  const items: ReviewItem[] = Array.from({ length: rows }, (_, at): ReviewItem => {
    const [source, why] = SOURCES[at % SOURCES.length] ?? ['random', ''];
    const top = 0.52 + (at % 5) * 0.1;
    return {
      request: `req-${String(1000 + at)}`, row: 0, time: Date.UTC(2026, 10, 20, 9, at), version: 4, source, why, value: 0.5, prediction: regression ? 1200.5 + at : (classes[at % classes.length] ?? ''),
      probabilities: regression ? {} : Object.fromEntries(classes.map((name, i) => [name, i === at % classes.length ? top : (1 - top) / (classes.length - 1)])),
      cells: { age: 20 + at, income: 38_000.25 + at * 9000, branch: at % 5 === 3 ? 'online' : 'north', employed: at % 2 === 0, tenure: at % 4 === 0 ? null : at, purpose: 'a car for the daughter who moved out, and the old one is gone' },
      odd: source === 'drifted' ? { income: 'above the reference\'s 9000 to 91000', branch: 'not in the reference' } : {},
      judged: at === 1 ? [{ by: 'Bo Chen', judgement: 'wrong', answer: 'repaid', t: Date.UTC(2026, 10, 20, 10) }] : [],
    };
  });
  const agreement: Agreement = disagree
    ? { model: 'car-loan@production', pairs: [{ a: 'Ana Gil', b: 'Bo Chen', rows: 48, agreed: 42, kappa: 0.71, interval: [0.51, 0.91] }, { a: 'Ana Gil', b: 'Cy Lee', rows: 5, agreed: 5, kappa: null, interval: null }], disagreed: [{ request: 'req-1003', row: 0, said: [{ by: 'Ana Gil', judgement: 'right', answer: 'default' }, { by: 'Bo Chen', judgement: 'wrong', answer: 'repaid' }] }], reviewers: [{ name: 'Ana Gil', rows: 60 }, { name: 'Bo Chen', rows: 48 }] }
    : { model: 'car-loan@production', pairs: [], disagreed: [], reviewers: [] };
  const queue = (params: Record<string, unknown>): ReviewQueue => {
    const find = params['find'];
    const sources = params['sources'] as string[] | undefined;
    const open = items.filter(({ request }) => !judged.has(request)).filter(({ source }) => !sources || (source !== null && sources.includes(source)));
    const shown = typeof find === 'string' ? items.filter(({ request }) => request.includes(find)).map((item) => ({ ...item, source: null, why: '' })).reverse() : open.slice(0, Number(params['limit'] ?? 50));
    return { model: 'car-loan@production', classes: regression ? [] : classes, task, items: shown, rows: items.length, left: { uncertain: 0, drifted: 0, flagged: 3, shadow: 0, random: 1200 }, seed: 0 };
  };
  const answers: Record<string, (params: Record<string, unknown>) => unknown> = {
    'review.queue': queue,
    'review.agreement': () => agreement,
    'feedback.summary': (): FeedbackSummary => ({ model: 'car-loan@production', since: null, labels: 120 + judged.size, right: 96, wrong: 20, unsure: 4, reviewers: [], newest: null, honest: { n: 40, right: 36, low: 0.77, high: 0.96 }, recent: [] }),
    'feedback.judge': ({ request, judgement }) => {
      judged.set(String(request), judgement as Judgement);
      return { judged: judged.size };
    },
    'feedback.undo': ({ request }) => ({ undone: judged.delete(String(request)) }),
    'host.export': () => ({ file: 'data/holdout-v3.parquet', rows: 1240, previous: 1200, added: 40, leftOut: { disagreement: 3, unsure: 4, unknown: 0 }, digest: 'abc', sources: {}, notes: ['the log has no id: missing in the rows that were added'] }),
  };
  return { ...fakeHost({ model: 'car-loan@production' }, (method, params) => answers[method]?.(params) ?? {}), judged };
}
