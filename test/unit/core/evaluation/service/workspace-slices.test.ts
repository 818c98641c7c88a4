import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunyardError } from '../../../../../src/core/base/errors';
import { parseConfig, type LoadedConfig } from '../../../../../src/core/config/load';
import { createPredicates, type Predicates, type PredicatesOptions } from '../../../../../src/core/evaluation/service/predicates';
import { requestOf } from '../../../../../src/core/evaluation/service/request';
import { checkConfig, fittingSlices } from '../../../../../src/core/evaluation/service/workspace-slices';
import { tempDir } from '../../store/support';

const loaded = (yaml: string): LoadedConfig => ({ file: 'runyard.yaml', ...parseConfig(yaml, 'runyard.yaml') });
const signal = new AbortController().signal;

/** A grammar of one rule: a word that is a column, or '!' for what is no predicate anywhere. Files are named by their columns. */
const toy: PredicatesOptions['ask'] = async (data, slices) => {
  if (data?.files[0] === 'gone.csv') throw new RunyardError('not_found', 'gone.csv is not there');
  const columns = data && (data.files[0] ?? '').replace('.csv', '').split('-');
  return {
    problems: slices.flatMap(({ name, where }) => {
      if (where === undefined) return [];
      if (where.includes('!')) return [{ name, message: "'!' is no operator", from: where.indexOf('!'), to: where.indexOf('!') + 1 }];
      const column = /\w+/.exec(where)?.[0] ?? '';
      return columns && !columns.includes(column) ? [{ name, message: `there is no column '${column}'`, from: 0, to: column.length }] : [];
    }),
  };
};
const predicates = (): Predicates => createPredicates({ workspace: '/nowhere', program: '/nowhere/evaluator.js', file: path.join(tempDir(), 'evaluations', 'checked.json'), ask: toy });

const YAML = `evaluations:
  loans: { model: m.onnx, data: age-region.csv, label: y }
  prices: { model: m.onnx, data: size.csv, label: y }
slices:
  young: age < 30
  large:
    where: size > 9
    evaluations: [prices]
  tagged: { tagger: 't.py:f' }
`;

describe('slices of the workspace', () => {
  it('belong to an evaluation where it is named, or where their columns exist; what is left out is told', async () => {
    const { slices, warnings } = await fittingSlices(loaded(YAML), requestOf(loaded(YAML), { configured: 'prices' }), predicates(), signal);
    expect(slices.map(({ name }) => name)).toEqual(['large', 'tagged']);
    expect(warnings).toMatchObject([{ code: 'slice_left_out', message: "runyard.yaml:5:10: the slice 'young' is left out: there is no column 'age'" }]);
    const loans = await fittingSlices(loaded(YAML), requestOf(loaded(YAML), { configured: 'loans', request: { slices: [{ name: 'young', where: 'age < 20' }] } }), predicates(), signal);
    expect(loans.slices.map(({ name, where }) => [name, where])).toEqual([['young', 'age < 20'], ['tagged', undefined]]);
  });

  it.each([
    ['wrong as it is', 'age ! 30', {}, "runyard.yaml:5:14: the slice 'young': '!' is no operator"],
    ['for this evaluation and fits not', 'size > 1', { evaluations: '[loans]' }, "runyard.yaml:5:10: the slice 'young': there is no column 'size'"],
  ])('are not silently left out where the predicate is %s', async (_, where, rest, message) => {
    const yaml = YAML.replace('  young: age < 30', `  young:${'evaluations' in rest ? ` { where: '${where}', evaluations: ${rest.evaluations} }` : `   ${where}`}`);
    const error: unknown = await fittingSlices(loaded(yaml), requestOf(loaded(yaml), { configured: 'loans' }), predicates(), signal).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'bad_input' });
    expect((error as Error).message.replace(/:5:\d+/, ':5')).toBe(message.replace(/:5:\d+/, ':5'));
  });

  it('that are wrong are problems at their place in runyard.yaml', async () => {
    const yaml = `${YAML.replace('age < 30', 'agee < 30')}  odd:\n    where: |\n      age\n       ! 3\n  far: { where: age > 1, evaluations: [prices] }\n`;
    const unread: string[] = [];
    const { problems, unfit } = await checkConfig(loaded(yaml), predicates(), (why) => unread.push(why));
    expect(problems.map(({ line, column, endColumn, message }) => [line, column, endColumn, message])).toEqual([
      [5, 10, 14, "slices.young: there is no column 'agee'"], [13, 8, 9, "slices.odd: '!' is no operator"], [14, 17, 20, "slices.far: there is no column 'age' (in the data of prices)"],
    ]);
    expect([...unfit.get('prices') ?? []]).toEqual(['young', 'far']);
    expect(unread).toEqual([]);
  });

  it('are not wrong for data that can\'t be read, nor where one evaluation has their columns', async () => {
    const unread: string[] = [];
    expect((await checkConfig(loaded(YAML), predicates(), (why) => unread.push(why))).problems).toEqual([]);
    expect((await checkConfig(loaded('evaluations:\n  a: { data: gone.csv }\nslices:\n  s: agee < 1\n'), predicates(), (why) => unread.push(why))).problems).toEqual([]);
    expect(unread).toEqual(['the data of the evaluation a can\'t be looked at: gone.csv is not there']);
  });
});

describe('answers about predicates', () => {
  it('are kept until a file, the predicate or the program is another, also by the next engine', async () => {
    const workspace = tempDir();
    const asked: string[] = [];
    const fresh = (program = 'evaluator.js'): Predicates => createPredicates({
      workspace, program: path.join(workspace, program), file: path.join(workspace, 'kept', 'checked.json'),
      ask: async (data, slices, stop) => { asked.push(slices.map(({ where }) => where).join()); return toy(data && { ...data, files: ['age.csv'] }, slices, stop); },
    });
    for (const file of ['a.csv', 'evaluator.js', 'other.js']) writeFileSync(path.join(workspace, file), file);
    mkdirSync(path.join(workspace, 'd'));
    const slice = (where: string) => ({ name: where, where, minSupport: 0, thresholds: {} });
    const data = { files: ['a.csv', 'd/*.csv'], types: {} };
    const one = fresh();
    expect([...await one.check(data, [slice('age'), slice('size')])]).toMatchObject([['size', { name: 'size', from: 0, to: 4 }]]);
    expect((await one.check(data, [slice('size'), slice('age')])).size).toBe(1);
    expect((await fresh().check(data, [slice('size'), slice('x')])).size).toBe(2);
    expect(asked).toEqual(['age,size', 'x']);
    writeFileSync(path.join(workspace, 'd', 'new.csv'), '');
    await fresh().check(data, [slice('age')]);
    utimesSync(path.join(workspace, 'a.csv'), 1, 1);
    await fresh().check(data, [slice('age')]);
    await fresh('other.js').check(data, [slice('age')]);
    expect(asked).toEqual(['age,size', 'x', 'age', 'age', 'age']);
  });
});
