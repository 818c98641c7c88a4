import { describe, expect, it } from 'vitest';
import { allFigures, figureTitle, goalOf, headlineFigures, isShare, ranged } from '../../../../../webview/evaluation/model/figures';
import { foundLines, freeName, lossesOf, modesOf, settingsOf, usualSupport } from '../../../../../webview/evaluation/model/discovery';
import { cellText, rowColumns, rowState, shownColumns } from '../../../../../webview/evaluation/model/rows';
import { verdictWords } from '../../../../../webview/evaluation/model/words';
import type { EvaluationDoc, ExampleRow, FoundSlice } from '../../../../../src/protocol/evaluation/result';

const main = { metric: 'accuracy', goal: 'maximize' as const };

describe('figures', () => {
  it('have names that people use; a person\u2019s own stays as it is', () => expect(['roc_auc', 'per_class.1.recall', 'ece_pos_10', 'profit', 'my_cost'].map(figureTitle)).toEqual(['ROC AUC', 'recall of 1', 'ECE, positive, 10 bins', 'profit', 'my cost']));
  it('say which way is better, where that is known', () => expect(['accuracy', 'log_loss', 'per_class.yes.f1', 'ece_top_15', 'bias', 'profit'].map((path) => goalOf(path, main))).toEqual(['maximize', 'minimize', 'maximize', 'minimize', null, null]));
  it('are numbers at the top and of the classes, without counts and structures', () => {
    expect(allFigures({ n: 3, n_correct: 2, accuracy: 0.6, roc_auc: null, confusion_matrix: [[1]], per_class: { a: { precision: 1, support: 2 } } })).toEqual(['accuracy', 'per_class.a.precision']);
    expect(allFigures({ n: 3, n_zero_true: 1, mae: 1, max_error: 2 })).toEqual(['mae', 'max_error']);
    expect(allFigures({ n: 3, pr_auc: 0.6, pr_auc_trapezoid: 0.7, roc_auc_se_delong: 0.1, cost: 3 })).toEqual(['pr_auc', 'pr_auc_trapezoid', 'cost']);
  });
  it('come with the main one first, then the task\u2019s that are there, then the person\u2019s own', () => {
    expect(headlineFigures({ task: 'binary', positive: '1', main, figures: { n: 1, accuracy: 1, roc_auc: 0.9, brier: 0.1, profit: 3 }, own: ['profit'] })).toEqual(['accuracy', 'roc_auc', 'brier', 'profit']);
  });
  it('share a scale where they lie between 0 and 1 and more is better', () => expect(['accuracy', 'per_class.a.recall', 'roc_auc', 'log_loss', 'mae', 'mcc'].map(isShare)).toEqual([true, true, true, false, false, false]));
  it('have null parts where there is nothing', () => {
    expect(ranged({ figures: { n: 1, a: { b: 2 } }, intervals: { 'a.b': { low: 1, high: 3, method: 'bca' } } }, 'a.b')).toEqual({ value: 2, low: 1, high: 3, method: 'bca' });
    expect(ranged(null, 'x')).toEqual({ value: null, low: null, high: null, method: '' });
  });
});

describe('the search', () => {
  const doc = (task: EvaluationDoc['task'], baseline: boolean) => ({ task, baseline: baseline ? ({} as EvaluationDoc['baseline']) : null });
  it('offers a worsening only where there is a baseline, confidence only where there are probabilities', () => {
    expect(modesOf(doc('binary', true)).map((one) => one.value)).toEqual(['loss', 'worsening', 'overconfident', 'underconfident']);
    expect(modesOf(doc('regression', false)).map((one) => one.value)).toEqual(['loss']);
    expect(lossesOf('regression').map((one) => one.value)).toEqual(['absolute', 'squared']);
  });
  it('leaves to the engine what wasn\u2019t chosen, and takes back what this evaluation hasn\u2019t got', () => {
    const form = { mode: 'worsening' as const, loss: 'log' as const, depth: 3, topK: 5, minSupport: null };
    expect(settingsOf(form, doc('binary', true))).toEqual({ mode: 'worsening', depth: 3, topK: 5 });
    expect(settingsOf({ ...form, minSupport: 40 }, doc('regression', false))).toEqual({ mode: 'loss', depth: 3, topK: 5, minSupport: 40 });
  });
  it('asks for 1 % of the rows and at least 30', () => expect([usualSupport(100), usualSupport(50_000)]).toEqual([30, 500]));
  it('lists what it found family by family, the one that stands for it first', () => {
    const found = ['a', 'b', 'c', 'd'].map((label) => ({ label }) as FoundSlice);
    expect(foundLines(found, [{ representative: 2, members: [0, 2] }, { representative: 1, members: [1] }]).map(({ slice, within }) => [slice.label, within?.label ?? null])).toEqual([['c', null], ['a', 'c'], ['b', null], ['d', null]]);
  });
  it('proposes a name that no slice has', () => expect([freeName('a=x', []), freeName('a=x', ['a=x', 'a=x 2'])]).toEqual(['a=x', 'a=x 3']));
});

describe('rows', () => {
  const row = { row: 0, id: 'r', values: [3, null], truth: '1', predicted: '0', baseline: '1', score: 0.2, baselineScore: 0.7, loss: 1.6, right: false, unscored: null, pinned: false } satisfies ExampleRow;
  it('have what the models said, then the data\u2019s columns; of a regression no score', () => {
    const facts = [{ name: 'age', type: 'int' }, { name: 'region', type: 'string' }];
    const named = (task: EvaluationDoc['task'], baseline: EvaluationDoc['baseline']) => rowColumns({ task, baseline, positive: '1', label: 'y' }, ['age', 'region'], facts);
    expect(named('binary', { name: 'old' } as EvaluationDoc['baseline']).map((column) => column.value(row))).toEqual(['r', '1', '0', '1', 0.2, 0.7, 1.6, 3, null]);
    expect(named('regression', null).map((column) => [column.label, column.numeric])).toEqual([['id', false], ['truth', true], ['predicted', true], ['error', true], ['age', true], ['region', false]]);
  });
  it('show a missing value as a dash and an empty text as one', () => expect([cellText(null), cellText(''), cellText(false), cellText(2.5)]).toEqual(['\u2013', '\u201c\u201d', 'false', '2.5']));
  it('have a sign besides their colour', () => expect([rowState(row), rowState({ right: true, unscored: null }), rowState({ right: null, unscored: null }), rowState({ right: null, unscored: 'no' })].map(({ word, sign }) => `${sign}${word}`)).toEqual(['\u2715wrong', '\u2713right', '', '!not scored']));
});

it('a verdict that can\u2019t be told says what would help', () => expect([verdictWords({ word: 'cannot tell', rowsToTell: 1187 }), verdictWords({ word: 'cannot tell', rowsToTell: null }), verdictWords({ word: 'better', rowsToTell: null })]).toEqual(['cannot tell: about 1,200 more rows would tell', 'cannot tell', 'better']));

describe('the columns of the rows that are shown', () => {
  const columns = rowColumns({ task: 'binary', baseline: null, positive: '1', label: 'y' }, ['age', 'region'], []);
  const keys = (chosen: string[] | null): string[] => shownColumns(columns, chosen).map(({ key }) => key);
  it('are all, until some are chosen: then those and the id, in the order of the table', () => {
    expect(keys(null)).toEqual(['id', 'truth', 'predicted', 'score', 'loss', 'column.age', 'column.region']);
    expect(keys(['column.region', 'truth'])).toEqual(['id', 'truth', 'column.region']);
    expect(keys([])).toEqual(['id']);
  });
  it('are all again where a choice is of other data', () => expect(keys(['column.other'])).toEqual(keys(null)));
});
