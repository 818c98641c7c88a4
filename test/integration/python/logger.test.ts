import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ofKind, python, readSpool, runFolder } from './support';

let run: ReturnType<typeof runFolder>;
beforeEach(() => { run = runFolder(); });
afterEach(() => run.dispose());

/** Runs a script that must end well and say nothing on standard error. */
function quiet(script: string, more: Record<string, string> = {}) {
  const said = python(script, run.dir, more);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  return readSpool(run.dir);
}

describe('log', () => {
  it('writes one line a call, with step, time and values as they are', () => {
    const before = Date.now() / 1000;
    const spool = quiet('import runyard\nfor i in range(3): runyard.log({"loss": 1 / (i + 3), "n": i}, step=i * 10)');
    expect(ofKind(spool, 'm').map((event) => [event.s, event.m])).toEqual([
      [0, { loss: 1 / 3, n: 0 }], [10, { loss: 1 / 4, n: 1 }], [20, { loss: 1 / 5, n: 2 }]]);
    expect(spool.files).toHaveLength(1);
    expect(spool.files[0]).toMatch(/^events\.py\.[A-Za-z0-9-]+\.\d+\.[0-9a-f]{8}\.jsonl$/);
    for (const event of spool.events) expect(event.t).toBeGreaterThan(before - 1);
  });

  it('counts the calls with the same metrics where no step is given', () => {
    const spool = quiet(`
import runyard
for i in range(2):
    runyard.log({"a": i, "b": i}); runyard.log({"b": i, "a": i}); runyard.log({"c": i})`);
    expect(ofKind(spool, 'm').map((event) => [Object.keys(event.m).sort().join(''), event.s])).toEqual([
      ['ab', 0], ['ab', 1], ['c', 0], ['ab', 2], ['ab', 3], ['c', 1]]);
  });

  it('keeps NaN and infinities as words, and the largest and smallest numbers as numbers', () => {
    const spool = quiet(`
import runyard
runyard.log({"nan": float("nan"), "up": float("inf"), "down": -float("inf"), "tiny": 5e-324, "huge": 1.7976931348623157e308,
             "big": 2**70, "beyond": 10**5000, "under": -10**5000, "minus0": -0.0, "yes": True, "no": False}, step=0)
runyard.summary({"best": float("nan"), "auc": 0.5})`);
    expect(ofKind(spool, 'm')[0]?.m).toEqual({
      nan: 'NaN', up: 'Infinity', down: '-Infinity', tiny: 5e-324, huge: Number.MAX_VALUE,
      big: 2 ** 70, beyond: 'Infinity', under: '-Infinity', minus0: -0, yes: 1, no: 0 });
    expect(ofKind(spool, 'summary')[0]?.m).toEqual({ best: 'NaN', auc: 0.5 });
  });

  it('keeps any name: unicode, quotes, newlines, lone surrogates, and names that are no text', () => {
    const spool = quiet('import runyard\nrunyard.log({"Verlust/€ 🎉": 1, "a\\"b\\\\\\n": 2, "\\ud800": 3, 7: 4}, step=1)');
    expect(ofKind(spool, 'm')[0]?.m).toEqual({ 'Verlust/€ 🎉': 1, 'a"b\\\n': 2, '\ud800': 3, '7': 4 });
  });

  it('takes scalars of other libraries by what they can do', () => {
    const spool = quiet(`
import runyard
from decimal import Decimal
from fractions import Fraction
class Scalar:
    def __init__(self, v): self.v = v
    def item(self): return self.v
class Float(float):
    def __repr__(self): return "np.float64(%s)" % float(self)
class Int(int):
    def __repr__(self): return "np.int64(%s)" % int(self)
runyard.log({"t": Scalar(0.25), "n": Scalar(float("nan")), "i": Scalar(3), "f": Float(0.5), "j": Int(9), "d": Decimal("0.125"),
             "q": Fraction(1, 4)}, step=Scalar(4))
runyard.log({"t": 1}, step=5.0)
runyard.log({"t": 1}, step=Int(6))`);
    expect(ofKind(spool, 'm').map((event) => event.s)).toEqual([4, 5, 6]);
    expect(ofKind(spool, 'm')[0]?.m).toEqual({ t: 0.25, n: 'NaN', i: 3, f: 0.5, j: 9, d: 0.125, q: 0.25 });
  });

  it('skips what is no number, says so once a metric, and keeps the rest', () => {
    const said = python(`
import runyard
class Many:
    def item(self): raise ValueError("only one element tensors can be converted")
for i in range(3): runyard.log({"loss": 1.5, "name": "x", "none": None, "many": Many(), "dict": {"a": 1}}, step=i)
runyard.log({"only": "text"}); runyard.log(None); runyard.log([1]); runyard.log({"x": 1}, step="one"); runyard.log({"x": 2}, step=float("nan"))`, run.dir);
    const spool = readSpool(run.dir);
    expect(said.code).toBe(0);
    expect(ofKind(spool, 'm').map((event) => [event.s, event.m])).toEqual([
      [0, { loss: 1.5 }], [1, { loss: 1.5 }], [2, { loss: 1.5 }], [0, { x: 1 }], [1, { x: 2 }]]);
    const lines = said.stderr.trim().split('\n');
    expect(lines).toHaveLength(new Set(lines).size);
    for (const name of ['name', 'none', 'many', 'dict', 'only']) expect(lines.filter((line) => line.includes(`'${name}'`))).toHaveLength(1);
  });
});

describe('params, tags', () => {
  it('log_params takes a dict or a namespace, nested or not, as text', () => {
    const spool = quiet(`
import argparse, runyard
runyard.log_params({"lr": 0.1, "layers": [1, 2], "deep": {"a": {"b": True}}, "none": None, "täg": "ü"})
runyard.log_params(argparse.Namespace(seed=3))`);
    expect(ofKind(spool, 'p').map((event) => event.p)).toEqual([
      { lr: '0.1', layers: '[1, 2]', 'deep.a.b': 'True', none: 'None', täg: 'ü' }, { seed: '3' }]);
  });

  it('set_tags sets, and takes off what is None', () => {
    const spool = quiet('import runyard\nrunyard.set_tags({"stage": "try", "old": None})');
    expect(ofKind(spool, 'tag')[0]).toMatchObject({ set: { stage: 'try' }, del: ['old'] });
  });

  it('params gives what the run was started with, and an empty dict for anything else', () => {
    const script = 'import json, runyard\nprint(json.dumps(runyard.params()))';
    expect(JSON.parse(python(script, run.dir, { RUNYARD_PARAMS: '{"lr": "0.1"}' }).stdout)).toEqual({ lr: '0.1' });
    expect(python(script)).toMatchObject({ stdout: '{}\n', stderr: '' });
    expect(python(script, run.dir, { RUNYARD_PARAMS: '{broken' })).toMatchObject({ code: 0, stdout: '{}\n', stderr: expect.stringContaining('RUNYARD_PARAMS') });
    expect(python(script, run.dir, { RUNYARD_PARAMS: '[1]' })).toMatchObject({ code: 0, stdout: '{}\n' });
  });
});

describe('outside a run', () => {
  it('does nothing, says so once, and writes no file', () => {
    const said = python(`
import os, runyard
os.chdir(${JSON.stringify(run.dir)})
for i in range(5): runyard.log({"a": i})
runyard.log_params({"a": 1}); runyard.summary({"a": 1}); runyard.set_tags({"a": 1}); runyard.log_artifact("x"); runyard.log_dataset("d", "x")
runyard.log_table("t", [[1]]); runyard.log_image("i", b"x"); runyard.log_model("m")
print(os.listdir("."))`);
    expect(said).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(said.stderr.trim().split('\n')).toEqual(['runyard: not inside a run (RUNYARD_RUN_DIR is not set), so nothing is logged']);
  });
});
