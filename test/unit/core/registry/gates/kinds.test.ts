import { describe, expect, it } from 'vitest';
import { ageGate } from '../../../../../src/core/registry/gates/age';
import { approvalGate } from '../../../../../src/core/registry/gates/approval';
import { cardGate } from '../../../../../src/core/registry/gates/card';
import { driftColumns, driftGate } from '../../../../../src/core/registry/gates/drift';
import { latencyGate } from '../../../../../src/core/registry/gates/latency';
import { pinnedGate } from '../../../../../src/core/registry/gates/pinned';
import { reproducibleGate } from '../../../../../src/core/registry/gates/reproducible';
import { ruleGate } from '../../../../../src/core/registry/gates/rule';
import { bytesOf, sizeGate } from '../../../../../src/core/registry/gates/size';
import type { Outcome, PinnedResult } from '../../../../../src/protocol/evaluation/result';
import type { Approval, CardProblem, GateResult, VersionFacts } from '../../../../../src/protocol/registry';
import { doc, gate } from './support';

describe('pinned examples', () => {
  const pin = (id: string, outcome: Outcome): PinnedResult => ({ example: { id, expected: 'yes', note: '', by: 'ana', at: '' }, outcome, row: 1, predicted: 'no', reason: `predicted no, expected yes` });
  const of = (...pinned: PinnedResult[]): GateResult => pinnedGate(gate('pinned'), doc([], { pinned }));
  it('have to come out right, all of them', () => {
    expect(of(pin('a', 'pass'), pin('b', 'fail'), pin('c', 'cannot tell'))).toMatchObject({ outcome: 'fail', blocks: true, reason: '1 of 3 pinned examples comes out wrong: b: predicted no, expected yes' });
    expect(of(pin('a', 'pass'), pin('c', 'cannot tell'))).toMatchObject({ outcome: 'cannot tell', blocks: true });
    expect(of(pin('a', 'pass'))).toMatchObject({ outcome: 'pass', reason: '1 pinned example comes out right' });
    expect(of()).toMatchObject({ outcome: 'pass', reason: 'the evaluation loans has no pinned examples' });
  });
});

describe('latency and size', () => {
  it('are held against their limits', () => {
    const latency = { rows: 200, p50: 0.4, p95: 2.5, p99: 4 };
    expect(latencyGate(gate('latency', { p95: 2.5 }), latency)).toMatchObject({ outcome: 'pass', evidence: [{ value: 2.5, n: 200 }] });
    expect(latencyGate(gate('latency', { p95: 2 }), latency)).toMatchObject({ outcome: 'fail', blocks: true, reason: expect.stringContaining('95 of 100 rows take at most 2.5 ms (median 0.4, 99 of 100 4), measured with 200 rows on this machine: at most 2 ms are allowed') as string });
    expect(latencyGate(gate('latency', { p95: 2 }), null)).toMatchObject({ outcome: 'cannot tell', blocks: true });
    const facts = { size: 1_500_000, files: [{ path: 'model.onnx', digest: '', size: 1_500_000 }] };
    expect(sizeGate(gate('size', { max: '1.5 MB' }), facts)).toMatchObject({ outcome: 'pass', reason: '1 file, 1.5 MB' });
    expect(sizeGate(gate('size', { max: 1_499_999 }), facts)).toMatchObject({ outcome: 'fail', reason: '1 file, 1.5 MB: at most 1.5 MB are allowed' });
  });

  it.each([['100 MB', 1e8], ['1 MiB', 1_048_576], ['1.5kB', 1500], ['2 KiB', 2048], ['1 GB', 1e9], [17, 17]])('%s are %d bytes', (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });
});

describe('drift', () => {
  const columns = [{ name: 'age', type: 'int' as const, stored: 'BIGINT', missing: 0, role: 'input' as const }];
  it('fails where a column differs, can not tell where one can not be compared', () => {
    const of = (...found: { column: string; psi: number | null; why: string }[]): GateResult => driftGate(gate('drift', { recent: 'new.csv' }), doc(), found);
    expect(of({ column: 'age', psi: 0.05, why: '' }, { column: 'job', psi: 0.2, why: '' })).toMatchObject({ outcome: 'pass', evidence: [{ value: 0.2 }, { value: 0.05 }] });
    expect(of({ column: 'age', psi: 0.05, why: '' }, { column: 'job', psi: 0.31, why: '' }, { column: 'x', psi: null, why: 'only one of the two has it' })).toMatchObject({ outcome: 'fail', reason: "recent data differ from the evaluation's in 1 of 3 columns (stability index above 0.2): job: 0.31" });
    expect(of({ column: 'x', psi: null, why: 'only one of the two has it' })).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: expect.stringContaining('x: only one of the two has it') as string });
    expect(of()).toMatchObject({ outcome: 'cannot tell' });
  });

  it('looks at what feeds the model unless columns are named, which the data must have', () => {
    const fed = doc([], { data: { ...doc().data, columns }, model: { ...doc().model, inputs: [{ name: 'i', type: 'float32', shape: '[N,2]', columns: ['age', 'job'] }, { name: 'k', type: 'float32', shape: '[N,1]', columns: ['age'] }] } });
    expect(driftColumns(gate('drift', { recent: 'new.csv' }), fed)).toEqual(['age', 'job']);
    expect(driftColumns(gate('drift', { recent: 'new.csv' }), doc())).toBeUndefined();
    expect(driftColumns(gate('drift', { recent: 'new.csv', columns: ['age'] }), fed)).toEqual(['age']);
    expect(driftColumns(gate('drift', { recent: 'new.csv', columns: ['aeg'], cannotTell: 'pass' }), fed)).toMatchObject({ outcome: 'cannot tell', blocks: true, hint: "did you mean 'age'?" });
  });
});

describe('age', () => {
  const day = 86_400_000;
  const now = Date.UTC(2026, 10, 11);
  const of = (config: Record<string, unknown>, at = now): GateResult => ageGate(gate('age', config), doc(), at);
  it('is of the evaluation, and of its data', () => {
    expect(of({ days: 10 })).toMatchObject({ outcome: 'pass', reason: 'the evaluation loans is of 2026-11-01, 10 days ago' });
    expect(of({ days: 9 })).toMatchObject({ outcome: 'fail', blocks: true, reason: 'the evaluation loans is of 2026-11-01, 10 days ago: at most 9 are allowed' });
    expect(of({ days: 10, dataDays: 40 })).toMatchObject({ outcome: 'fail', reason: 'its data are of 2026-10-01, 41 days ago: at most 40 are allowed' });
    expect(of({ days: 10 }, Date.UTC(2026, 10, 1) + 5).reason).toContain('less than a day ago');
  });
  it('of what is dated in the future can not be told: a clock went back', () => {
    expect(of({ days: 10 }, Date.UTC(2026, 10, 1) - 2 * day)).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: expect.stringContaining('in the future') as string });
    expect(of({ days: 10 }, Date.UTC(2026, 10, 1) - day / 2)).toMatchObject({ outcome: 'pass', evidence: [{ value: 0 }] });
  });
});

describe('reproducibility', () => {
  const facts: Pick<VersionFacts, 'code' | 'data' | 'environment' | 'run'> = { run: 'r', code: { commit: 'c'.repeat(40), dirty: false, patch: null }, data: [{ name: 'train.csv', digest: 'd', rows: 9, role: 'training' }], environment: { python: '3.11', packages: 12, digest: 'e' } };
  const of = (more: Partial<typeof facts> = {}): GateResult => reproducibleGate(gate('reproducible'), { ...facts, ...more });
  it('asks for code, data and environment', () => {
    expect(of()).toMatchObject({ outcome: 'pass', evidence: [{ outcome: 'pass' }, { outcome: 'pass' }, { outcome: 'pass' }, { outcome: 'pass' }] });
    expect(of({ code: { commit: 'c'.repeat(40), dirty: true, patch: 'f' } }).outcome).toBe('pass');
    expect(of({ code: { commit: 'c'.repeat(40), dirty: true, patch: null } })).toMatchObject({ outcome: 'fail', reason: 'there were changes that nobody committed, and they are not kept' });
    expect(of({ code: { commit: 'c'.repeat(40), dirty: null, patch: null } })).toMatchObject({ outcome: 'cannot tell', blocks: true });
    expect(of({ code: { commit: null, dirty: null, patch: null } })).toMatchObject({ outcome: 'fail', reason: 'no commit of its code is known' });
    expect(of({ data: [] })).toMatchObject({ outcome: 'fail', reason: 'no data that it was made from are known' });
    expect(of({ data: [{ name: 'test.csv', digest: 'd', rows: 9, role: 'evaluation' }] }).outcome).toBe('fail');
    expect(of({ data: [...facts.data, { name: 'b.csv', digest: '', rows: 9, role: 'training' }] })).toMatchObject({ outcome: 'fail', reason: 'no digest is known of b.csv' });
    expect(of({ environment: null }).outcome).toBe('fail');
    expect(of({ run: null, environment: null }).hint).toContain('train in a run');
  });
});

describe('a rule', () => {
  const of = (ended: Partial<Parameters<typeof ruleGate>[1]>): GateResult => ruleGate(gate('rule', { command: ['python', 'check.py'], timeout: 7 }), { outcome: 'failed', status: 1, duration: 0.25, output: 'looked\nage is off\n', ...ended });
  it('passes with status 0, can not tell with 3, fails with any other, and keeps what it wrote', () => {
    expect(of({ outcome: 'done', status: 0 })).toMatchObject({ name: 'rule python check.py', outcome: 'pass', evidence: [{ text: 'looked\nage is off', value: 0 }] });
    expect(of({ status: 3 })).toMatchObject({ outcome: 'cannot tell', blocks: true });
    expect(of({})).toMatchObject({ outcome: 'fail', reason: 'python check.py ended with status 1 after 0.3 s: age is off' });
    expect(of({ status: null, output: '' })).toMatchObject({ outcome: 'fail', evidence: [{ text: 'python check.py wrote nothing' }] });
    expect(of({ outcome: 'timed out', status: null })).toMatchObject({ outcome: 'cannot tell', reason: 'python check.py took longer than 7 s and was ended: age is off' });
    expect(of({ outcome: 'not found', status: null, output: 'spawn python ENOENT' })).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: "the command can't be started: spawn python ENOENT" });
  });
});

describe('the model card', () => {
  const problem = (kind: CardProblem['kind'], section: string): CardProblem => ({ line: 3, column: 1, endLine: 3, endColumn: 9, kind, section, message: `${section} is ${kind}`, replacement: null });
  const of = (config: Record<string, unknown>, missing: string[], ...problems: CardProblem[]): GateResult => cardGate(gate('card', config), { file: 'cards/a-1.md', missing, problems });
  it('has to be filled and fresh, where it is asked for', () => {
    expect(of({}, [])).toMatchObject({ outcome: 'pass', reason: 'cards/a-1.md is filled, and nothing in it is stale' });
    expect(of({}, ['Intended use'], problem('stale', 'Evaluation'))).toMatchObject({ outcome: 'fail', blocks: true, reason: "1 section nobody has written yet, 1 sentence whose evidence changed: cards/a-1.md:3: Evaluation is stale; cards/a-1.md: the section 'Intended use' is empty" });
    expect(of({ sections: ['limits'] }, ['Intended use'], problem('stale', 'Evaluation')).outcome).toBe('pass');
    expect(of({ sections: ['intended-use'] }, ['Intended use']).outcome).toBe('fail');
    expect(of({}, ['Limits'], problem('missing', 'Limits')).evidence).toHaveLength(1);
    expect(of({ sections: ['limits'] }, [], problem('broken', ''))).toMatchObject({ outcome: 'fail', reason: expect.stringContaining('1 broken place') as string });
  });
  it('may be behind in what approvals and moves themselves add, unless that is asked for', () => {
    expect(of({}, [], problem('stale', 'History'), problem('stale', 'human-review')).outcome).toBe('pass');
    expect(of({ sections: ['history'] }, [], problem('stale', 'History')).outcome).toBe('fail');
  });
  it('has the sections that it has: another one is a mistake that blocks', () => {
    expect(of({ sections: ['limitz'], cannotTell: 'pass' }, [])).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: "a card has no section 'limitz'", hint: expect.stringContaining("'limits'") as string });
  });
});

describe('approval', () => {
  const word = (name: string, more: Partial<Approval> = {}): Approval => ({ judgement: 'approved', by: { name, email: `${name}@x.org` }, t: 1, comment: 'looked at it', signed: null, own: false, environment: 'production', ...more });
  const of = (config: Record<string, unknown>, ...approvals: Approval[]): GateResult => approvalGate(gate('approval', config), { approvals, authors: [{ name: 'ana', email: 'ana@x.org' }], model: 'car loan', version: 2, environment: 'production' });
  it('takes as many people as are asked for, none of them the author', () => {
    expect(of({})).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: '0 of 1 approval', hint: '1 person other than ana has to say yes: runyard approve "car loan" 2 --to production --comment TEXT' });
    expect(of({}, word('ana', { own: true }))).toMatchObject({ outcome: 'cannot tell', evidence: [{ outcome: 'cannot tell', text: "ana <ana@x.org> approved, which counts nothing: it is the author's own: looked at it" }] });
    expect(of({}, word('ben'))).toMatchObject({ outcome: 'pass', reason: 'approved by ben' });
    expect(of({ people: 2 }, word('ben'))).toMatchObject({ outcome: 'cannot tell', reason: '1 of 2 approvals (ben)' });
    expect(of({ people: 2 }, word('ben'), word('eva')).outcome).toBe('pass');
  });
  it('a rejection that stands fails, whoever approved besides', () => {
    expect(of({}, word('ben'), word('eva', { judgement: 'rejected', comment: 'the south' }))).toMatchObject({ outcome: 'fail', blocks: true, reason: 'rejected by eva: the south' });
    expect(of({}, word('ben'), word('ana', { judgement: 'rejected', own: true })).outcome).toBe('pass');
  });
  it('signed ones only, where signatures are asked for', () => {
    expect(of({ signed: true }, word('ben'))).toMatchObject({ outcome: 'cannot tell', reason: '0 of 1 approval; 1 other without a signature that holds', hint: expect.stringContaining('--sign') as string });
    expect(of({ signed: true }, word('ben', { signed: false })).evidence[0]?.text).toContain("the signature doesn't hold");
    expect(of({ signed: true }, word('ben', { signed: true })).outcome).toBe('pass');
  });
});
