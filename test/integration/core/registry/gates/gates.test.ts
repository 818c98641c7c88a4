/** Gates with the real evaluator: the shipped version 2 that is worse on one subgroup, and data of another kind with another metric. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GateReport, GateResult } from '../../../../../src/protocol/registry';
import { linearModel } from '../../../../support/onnx-linear';
import { lab, type Lab } from '../../evaluation/process/support';
import { ben, place, reference, type Place } from './support';

let built: Lab;
beforeAll(() => { built = lab(); });
afterAll(() => built.dispose());

const CASE = path.join(reference, 'p4_large_car_loan');
interface Where { op: 'eq' | 'missing' | 'range' | 'and'; col?: string; value?: unknown; min?: number | null; max?: number | null; min_inclusive?: boolean; max_inclusive?: boolean; args?: Where[] }
interface Expected { compare: Record<string, { slices: Record<string, { n: number; p_holm: number | null; diff: number }>; verdict: { failing_slices?: string[] } }> }

/** A slice's definition of the fixture as a predicate. */
function predicate({ op, col = '', value, min, max, min_inclusive: from, max_inclusive: to, args = [] }: Where): string {
  if (op === 'and') return args.map((one) => `(${predicate(one)})`).join(' and ');
  if (op === 'missing') return `${col} is null`;
  if (op === 'eq') return `${col} = ${typeof value === 'string' ? `'${value}'` : String(value)}`;
  return [...(min == null ? [] : [`${col} ${from ? '>=' : '>'} ${min}`]), ...(max == null ? [] : [`${col} ${to ? '<=' : '<'} ${max}`])].join(' and ');
}

const named = ({ gates }: GateReport, kind: string): GateResult => {
  const found = gates.find((one) => one.kind === kind);
  if (!found) throw new Error(`no gate ${kind}`);
  return found;
};
const outcomes = ({ gates }: GateReport): string[] => gates.map(({ name, outcome, blocks }) => `${name}: ${outcome}${blocks ? ', blocks' : ''}`);

describe('the shipped car loans', () => {
  const file = JSON.parse(readFileSync(path.join(CASE, 'case.json'), 'utf8')) as { slices: { id: string; where: Where }[] };
  // Both that got worse, and some that didn't: each costs a bootstrap.
  const slices = file.slices.filter(({ id }) => /60K\+|missing|unseen/.test(id));
  const expected = JSON.parse(readFileSync(path.join(CASE, 'expected.json'), 'utf8')) as Expected;
  const yaml = `evaluations:\n  car-loan: { data: current.parquet, label: repaid, replicates: 100 }\nslices:\n${slices.map(({ id, where }) => `  ${JSON.stringify(id)}: ${JSON.stringify(predicate(where))}\n`).join('')}`;

  test('version 2, better overall and worse on one subgroup, is stopped by the default gates, which say which slice; the mended one is not', async () => {
    const here = place(built.script, { model: 'car-loan', yaml });
    here.copy(path.join(CASE, 'current.parquet'), 'current.parquet');
    for (const file of ['model.onnx', 'model_v2.onnx', 'model_v2_ok.onnx']) here.copy(path.join(CASE, file), `out/${file}`);
    const [first, second, mended] = [await here.register('out/model.onnx'), await here.register('out/model_v2.onnx'), await here.register('out/model_v2_ok.onnx')];
    here.live(first);

    const stopped = await here.report(second);
    expect(stopped).toMatchObject({ outcome: 'fail', live: 1, from: null, model: 'car-loan', version: 2, environment: 'production' });
    expect(outcomes(stopped)).toEqual(['change: pass', 'slices: fail, blocks', 'pinned: pass']);
    const known = expected.compare['model_v2.onnx against model.onnx']?.slices ?? {};
    const worse = Object.entries(known).filter(([, { p_holm: p, diff }]) => diff < 0 && p !== null && p < 0.05).map(([id]) => id);
    const gate = named(stopped, 'slices');
    expect(gate.evidence.filter(({ outcome }) => outcome === 'fail').map(({ slice }) => slice).sort()).toEqual(worse.sort());
    expect(worse).toContain('60K+ & loan>=18');
    expect(gate.reason).toContain("'60K+ & loan>=18' is worse by 0.1794 in accuracy (0.7984 against 0.9779) over 903 rows");
    for (const { slice = '', n, difference } of gate.evidence) {
      expect(n, slice).toBe(known[slice]?.n);
      expect(difference, slice).toBeCloseTo(known[slice]?.diff ?? NaN, 9);
    }

    const fine = await here.report(mended);
    expect(fine.gates.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(fine.outcome).toBe('pass');

    const kinds = here.ledger.entries().filter(({ kind }) => kind !== 'registered' && kind !== 'promoted').map(({ kind, version }) => `${kind} ${version ?? ''}`);
    expect(kinds).toEqual(['evaluated 2', 'gates 2', 'evaluated 3', 'gates 3']);
    // Asked again: kept evidence, the same answer, nothing new in the ledger.
    const again = await here.report(second);
    expect([outcomes(again), again.evaluations]).toEqual([outcomes(stopped), stopped.evaluations]);
    expect(here.ledger.entries()).toHaveLength(kinds.length + 4);
  }, 120_000);

  test('without any slice defined, a search finds the subgroup, and the same version is stopped', async () => {
    const here = place(built.script, { model: 'car-loan', yaml: 'evaluations:\n  car-loan: { data: current.parquet, label: repaid, replicates: 100 }\n' });
    here.copy(path.join(CASE, 'current.parquet'), 'current.parquet');
    for (const file of ['model.onnx', 'model_v2.onnx', 'model_v2_ok.onnx']) here.copy(path.join(CASE, file), `out/${file}`);
    const [first, second, mended] = [await here.register('out/model.onnx'), await here.register('out/model_v2.onnx'), await here.register('out/model_v2_ok.onnx')];
    here.live(first);
    const stopped = await here.report(second);
    expect(outcomes(stopped)).toEqual(['change: pass', 'slices: fail, blocks', 'pinned: pass']);
    const gate = named(stopped, 'slices');
    expect(gate.reason).toMatch(/^no slices are defined, and a search found \d+ groups? worse than version 1, which is live: /);
    expect(gate.evidence[0]?.text).toContain("\"salary_range\" = '60K+");
    expect(outcomes(await here.report(mended))).toEqual(['change: pass', 'slices: pass', 'pinned: pass']);
  }, 60_000);
});

/** Houses: 3 a square metre, 10 a room, 20 more in the north, with some noise. */
const HOUSES = (() => {
  const lines = ['id,size,rooms,north,price'];
  let state = 12_345;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  for (let row = 0; row < 900; row++) {
    const [size, rooms, north] = [30 + Math.floor(next() * 90), 1 + Math.floor(next() * 5), next() < 0.2 ? 1 : 0];
    lines.push([`h${row}`, size, rooms, north, (3 * size + 10 * rooms + 20 * north + (next() - 0.5) * 30).toFixed(2)].join(','));
  }
  return `${lines.join('\n')}\n`;
})();

const houses = (gates: string): string => `evaluations:
  prices: { data: houses.csv, label: price, id: id, task: regression, replicates: 100, model: live.onnx }
slices:
  north: north = 1
  south: north = 0
  palaces: size > 118
registry:
  edges:
    - to: production
      gates:
${gates}`;

async function village(gates: string): Promise<Place> {
  const here = place(built.script, { model: 'houses', yaml: houses(gates) });
  here.put('houses.csv', HOUSES);
  // 1: off by the size; 2: right but for the north; 3: right.
  for (const [file, weights] of [['one.onnx', [2.8, 10, 20]], ['two.onnx', [3, 10, 0]], ['three.onnx', [3, 10, 20]]] as const) here.put(file, linearModel(weights));
  for (const file of ['one.onnx', 'two.onnx', 'three.onnx']) await here.register(file);
  here.live(1);
  return here;
}

describe('houses, judged by their error', () => {
  test('a version that is better overall and worse in the north is stopped, the one that is better everywhere is not; few rows can not be told', async () => {
    const here = await village(`        - change
        - { slices: [north, south] }
        - { metric: rmse, max: 15, name: close }
        - { change: 0.05, metric: r2, name: no miracle }
        - { slices: [palaces], minSupport: 40, name: palaces }
        - { slices: [palaces], minSupport: 40, cannotTell: pass, name: palaces, if they can }
`.replace(', if they can', ' maybe'));
    const stopped = await here.report(2);
    expect(named(stopped, 'change')).toMatchObject({ outcome: 'pass', evidence: [{ metric: 'mae' }] });
    expect(named(stopped, 'slices')).toMatchObject({ outcome: 'fail', evidence: [{ slice: 'north', outcome: 'fail', metric: 'mae' }, { slice: 'south', outcome: 'pass' }] });
    expect(stopped.outcome).toBe('fail');
    const fine = await here.report(3);
    expect(outcomes(fine)).toEqual(['change: pass', 'slices: pass', 'close: pass', 'no miracle: fail, blocks', 'palaces: cannot tell, blocks', 'palaces maybe: cannot tell']);
  });

  test('each other gate looks at what is so, and says why', async () => {
    const here = await village(`        - pinned
        - latency: 1000
        - { latency: 0.00001, name: too fast }
        - { size: 1 kB }
        - { size: 10, name: tiny }
        - { drift: houses.csv, name: same data }
        - { drift: new.csv, columns: [size], psi: 0.25 }
        - { drift: nothing.csv, name: lost data }
        - { drift: new.csv, columns: [sise], cannotTell: pass, name: wrong column }
        - { age: 1 }
        - reproducible
        - { rule: [node, check.mjs], timeout: 20 }
        - { rule: [node, check.mjs, '3'], timeout: 20, name: unsure }
        - { rule: [node, check.mjs, '1'], timeout: 20, name: no }
        - { rule: [no-such-program], cannotTell: pass, name: gone }
        - { rule: [sh, -c, echo begun; sleep 60], timeout: 1, name: slow }
        - card
        - { approval: 1 }
        - { metric: mea, min: 0, cannotTell: pass, name: typo }
        - { gate: pinned, evaluation: price, cannotTell: pass, name: which }
`);
    here.put('new.csv', HOUSES.split('\n').map((line, row) => (row === 0 ? line : line.replace(/^(h\d+),(\d+)/, (_, id: string, size: string) => `${id},${Number(size) + 60}`))).join('\n'));
    here.pin([{ evaluation: 'prices', id: 'h0', expected: 0, within: 1 }]);
    here.put('check.mjs', 'const e = process.env; console.log([e.RUNYARD_MODEL, e.RUNYARD_VERSION, e.RUNYARD_ENVIRONMENT, e.RUNYARD_FOLDER !== "", e.RUNYARD_LIVE_FOLDER !== e.RUNYARD_FOLDER].join(" ")); process.exitCode = Number(process.argv[2] ?? 0);\n');
    const report = await here.report(3);
    expect(outcomes(report)).toEqual([
      'pinned: fail, blocks', 'latency: pass', 'too fast: fail, blocks', 'size: pass', 'tiny: fail, blocks', 'same data: pass', 'drift: fail, blocks', 'lost data: cannot tell, blocks', 'wrong column: cannot tell, blocks',
      'age: pass', 'reproducible: fail, blocks', 'rule node check.mjs: pass', 'unsure: cannot tell, blocks', 'no: fail, blocks', 'gone: cannot tell', 'slow: cannot tell, blocks', 'card: fail, blocks', 'approval: cannot tell, blocks',
      'typo: cannot tell, blocks', 'which: cannot tell, blocks',
    ]);
    const by = (name: string): GateResult | undefined => report.gates.find((one) => one.name === name);
    expect(by('rule node check.mjs')?.evidence[0]?.text).toBe('houses 3 production true true');
    expect(by('latency')?.evidence[0]).toMatchObject({ n: 200 });
    expect(by('drift')?.reason).toMatch(/^recent data differ from the evaluation's in 1 of 1 column \(stability index above 0\.25\): size: \d/);
    expect(by('wrong column')).toMatchObject({ hint: "did you mean 'size'?" });
    expect(by('gone')?.reason).toContain("the command can't be started");
    expect(by('slow')?.reason).toContain('took longer than 1 s and was ended: begun');
    expect(by('typo')).toMatchObject({ reason: "the evaluation prices has no figure 'mea'", hint: "did you mean 'mae'?" });
    expect(by('which')).toMatchObject({ reason: "there is no evaluation 'price' in runyard.yaml", hint: "did you mean 'prices'?" });
    expect(report.evaluations).toHaveLength(1);
    here.time.ahead = 3 * 86_400;
    here.put('runyard.yaml', houses('        - age: 1\n'));
    expect(named(await here.report(3), 'age')).toMatchObject({ outcome: 'fail' });
  });

  test('the first version has nothing to be worse than; without evidence nobody can tell, and the hint says how to get some', async () => {
    const here = place(built.script, { model: 'houses', yaml: 'slices:\n  north: north = 1\n' });
    here.put('houses.csv', HOUSES);
    here.put('one.onnx', linearModel([2.8, 10, 20]));
    await here.register('one.onnx');
    const unseen = await here.report(1);
    expect(unseen).toMatchObject({ outcome: 'pass', live: null, evaluations: [] });
    expect(named(unseen, 'pinned').reason).toBe('nobody has pinned an example');
    here.put('runyard.yaml', 'slices:\n  north: north = 1\nregistry: { edges: [{ to: production, gates: [{ gate: metric, metric: mae, max: 5 }] }] }\n');
    const none = await here.report(1);
    expect(none).toMatchObject({ outcome: 'cannot tell', live: null, evaluations: [] });
    expect(named(none, 'metric')).toMatchObject({ reason: 'no evaluation is known of version 1 of houses', hint: expect.stringContaining('runyard evaluate houses/1 --data FILE') as string });
    // Evaluated once, by its file: the same question is asked of the version.
    here.put('runyard.yaml', 'slices:\n  north: north = 1\nevaluations:\n  prices: { data: houses.csv, label: price, id: id, task: regression, replicates: 100 }\n');
    const first = await here.report(1);
    expect(first).toMatchObject({ outcome: 'pass', live: null });
    expect(named(first, 'slices').reason).toBe('nothing is live there yet: there is nothing to be worse than');
    here.put('runyard.yaml', 'slices:\n  north: north = 1\n');
    expect(await here.report(1)).toMatchObject({ outcome: 'pass', evaluations: first.evaluations });
    here.put('houses.csv', '');
    expect(named(await here.report(1), 'pinned')).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: expect.stringContaining("the evaluation can't be made: ") as string });
  });

  test('a report that only wants a person tells them, once; bad questions are refused', async () => {
    const here = await village('        - approval: 1\n');
    expect(await here.report(3)).toMatchObject({ outcome: 'cannot tell', from: null });
    await here.report(3);
    expect(here.attention).toEqual([{ kind: 'approval', model: 'houses', version: 3, environment: 'production', text: 'version 3 of houses waits for approval to move to production: 0 of 1 approval' }]);
    here.ledger.append({ by: ben, kind: 'approved', model: 'houses', version: 3, environment: 'production', facts: { comment: 'seen', signature: null } });
    expect(await here.report(3, { quiet: true })).toMatchObject({ outcome: 'pass' });
    expect(here.ledger.entries().filter(({ kind }) => kind === 'gates')).toHaveLength(1);
    await expect(here.report(3, { to: 'produktion' })).rejects.toMatchObject({ code: 'bad_input', hint: "did you mean 'production'?" });
    await expect(here.report(3, { to: 'staging' })).rejects.toMatchObject({ code: 'refused' });
    await expect(here.report(9)).rejects.toMatchObject({ code: 'not_found' });
    here.put('runyard.yaml', houses('        - aproval: 1\n'));
    await expect(here.report(3)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(/^what has to be asked before a promotion can't be read: runyard\.yaml:11: /) as string });
    const stop = new AbortController();
    stop.abort();
    here.put('runyard.yaml', houses('        - pinned\n'));
    await expect(here.gates.report({ model: 'houses', version: 3, to: 'production', by: ben }, { signal: stop.signal, progress: () => undefined })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
