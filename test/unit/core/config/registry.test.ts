import { describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../../../src/core/config/load';
import { gateConfig, DEFAULT_GATES } from '../../../../src/core/config/registry';
import { wholeGate } from '../../../../src/core/config/registry-gates';

const parse = (text: string): ReturnType<typeof parseConfig> => parseConfig(text, 'runyard.yaml');
const places = (text: string): string[] => parse(text).problems.map((p) => `${p.severity} ${p.line}:${p.column} ${p.message}`);

const GOOD = `registry:
  environments:
    staging:
    production:
      onPromote:
        - command: [python, tell.py, 3]
          timeout: 5
          onFailure: rollback
        - [sh, -c, 'true']
      autoRollback: { onAlert: true, health: { command: [curl, -f, 'http://127.0.0.1:1'], every: 30 } }
  edges:
    - to: staging
    - from: staging
      to: production
      gates:
        - metric: accuracy
          min: 0.9
        - { metric: per_class.1.recall, slice: young, min: 0.8, max: 1, name: recall of the young, cannotTell: pass }
        - { change: 0.01, metric: roc_auc, relative: true }
        - slices
        - { slices: 0.02, margin: 0.05, alpha: 0.01, minSupport: 100 }
        - { slices: [young], evaluation: loans }
        - pinned
        - latency: 5
        - { size: 100 MB }
        - { drift: data/recent.csv, psi: 0.1, columns: [age] }
        - { age: 30, dataDays: 90 }
        - reproducible: true
        - rule: [python, check.py, 3]
        - { rule: { command: [sh, x.sh], timeout: 5 }, name: x }
        - card: [limits]
        - approval: 2
        - { gate: approval, people: 3, signed: true }
  share: registry
  weights: /mnt/weights
  aliases: { champion: production }
  personal: { age: kept as a decade }
evaluations:
  loans: { data: a.csv, label: y, slices: [{ name: old, where: age > 60 }] }
slices:
  young: age < 30
`;

describe('registry: in runyard.yaml', () => {
  it('says everything a registry can say, short forms made whole', () => {
    const { config: { registry }, problems } = parse(GOOD);
    expect(problems).toEqual([]);
    expect(registry).toMatchObject({ said: true, lines: { section: 1, edges: [12, 14] }, share: 'registry', weights: '/mnt/weights', cards: 'cards', aliases: { champion: 'production' }, personal: { age: 'kept as a decade' } });
    expect(registry.broken).toBeUndefined();
    expect(registry.environments['staging']).toEqual({ onPromote: [], onRollback: [] });
    expect(registry.environments['production']).toMatchObject({
      onPromote: [{ command: ['python', 'tell.py', '3'], timeout: 5, onFailure: 'rollback' }, { command: ['sh', '-c', 'true'], timeout: 60, onFailure: 'keep' }],
      autoRollback: { onAlert: true, health: { every: 30, failures: 3, timeout: 60 } },
    });
    expect(registry.edges?.map(({ from, to, gates }) => [from ?? null, to, gates?.length])).toEqual([[null, 'staging', undefined], ['staging', 'production', 17]]);
    const whole = (gate: Record<string, unknown>): unknown => gateConfig.parse(gate);
    expect(registry.edges?.[1]?.gates).toEqual([
      whole({ gate: 'metric', metric: 'accuracy', min: 0.9 }), whole({ gate: 'metric', metric: 'per_class.1.recall', slice: 'young', min: 0.8, max: 1, name: 'recall of the young', cannotTell: 'pass' }),
      whole({ gate: 'change', metric: 'roc_auc', min: 0.01, relative: true }), whole({ gate: 'slices' }), whole({ gate: 'slices', maxWorsening: 0.02, margin: 0.05, alpha: 0.01, minSupport: 100 }),
      whole({ gate: 'slices', slices: ['young'], evaluation: 'loans' }), whole({ gate: 'pinned' }), whole({ gate: 'latency', p95: 5 }), whole({ gate: 'size', max: '100 MB' }),
      whole({ gate: 'drift', recent: 'data/recent.csv', psi: 0.1, columns: ['age'] }), whole({ gate: 'age', days: 30, dataDays: 90 }), whole({ gate: 'reproducible' }),
      whole({ gate: 'rule', command: ['python', 'check.py', '3'] }), whole({ gate: 'rule', command: ['sh', 'x.sh'], timeout: 5, name: 'x' }), whole({ gate: 'card', sections: ['limits'] }),
      whole({ gate: 'approval', people: 2 }), whole({ gate: 'approval', people: 3, signed: true }),
    ]);
  });

  it('without a section there are staging and production, every move, and the default gates', () => {
    for (const text of ['', 'registry:\n', 'experiments: {}\n']) {
      const { config: { registry }, problems } = parse(text);
      expect(problems).toEqual([]);
      expect(registry).toMatchObject({ said: false, lines: { section: null, edges: [] } });
      expect([Object.keys(registry.environments), registry.edges, registry.broken]).toEqual([['staging', 'production'], undefined, undefined]);
    }
    expect(DEFAULT_GATES.map(({ gate, cannotTell }) => [gate, cannotTell])).toEqual([['change', 'pass'], ['slices', 'block'], ['pinned', 'block']]);
  });

  it('environments may be a list of names', () => {
    const { config: { registry }, problems } = parse('registry:\n  environments: [test, live]\n  edges: [{ from: test, to: live }, { to: test }]\n');
    expect([problems, Object.keys(registry.environments), registry.edges?.length]).toEqual([[], ['test', 'live'], 2]);
  });

  it.each([
    ['  environmnts: [a]\n', "warning 2:3 unknown key 'environmnts': did you mean 'environments'?"],
    ['  environments: 3\n', 'error 2:17 expected names of environments, such as [staging, production]'],
    ['  environments: [a, a]\n', "error 2:21 the environment 'a' stands here twice"],
    ['  environments: [a, ../b]\n', 'error 2:21 "../b" can\'t be the name of an environment: take letters, digits, spaces and . _ + -, beginning with a letter or a digit'],
    ['  environments: {a: {onPromot: []}}\n', "warning 2:22 unknown key 'onPromot': did you mean 'onPromote'?"],
    ['  environments: {a: {onPromote: [{command: [x], timout: 3}]}}\n', "warning 2:49 unknown key 'timout': did you mean 'timeout'?"],
    ['  environments: {a: {onPromote: [{command: x}]}}\n', 'error 2:44 registry.environments.a.onPromote.0.command: expected a list such as [python, check.py]'],
    ['  environments: {a: {autoRollback: {onAlrt: true}}}\n', "warning 2:37 unknown key 'onAlrt': did you mean 'onAlert'?"],
    ['  edges: staging\n', 'error 2:10 expected a list of moves such as - { from: staging, to: production }'],
    ['  edges: [{from: stagin, to: production}]\n', "error 2:18 there is no environment 'stagin': did you mean 'staging'?"],
    ['  edges: [{from: staging}]\n', 'error 2:11 registry.edges.0.to: expected string, received undefined'],
    ['  edges: [{from: staging, too: production}]\n', "warning 2:27 unknown key 'too': did you mean 'to'?"],
    ['  edges: [{from: staging, to: staging}]\n', 'error 2:31 a move from staging to itself is none'],
    ['  edges:\n    - to: staging\n    - {from: null, to: staging}\n', 'error 4:24 the move to staging stands here twice: line 3 has it, too'],
    ['  edges: [{to: staging, gates: pinned}]\n', 'error 2:32 expected a list of gates such as - { metric: accuracy, min: 0.9 }'],
    ['  edges: [{to: staging, gates: [pined]}]\n', "error 2:33 there is no gate 'pined': did you mean 'pinned'?"],
    ['  edges: [{to: staging, gates: [{gate: pined}]}]\n', "error 2:40 there is no gate 'pined': did you mean 'pinned'?"],
    ['  edges: [{to: staging, gates: [{min: 3}]}]\n', 'error 2:33 registry.edges.0.gates.0: expected a gate: one of metric, change, slices, pinned, latency, size, drift, age, reproducible, rule, card, feedback, approval'],
    ['  edges: [{to: staging, gates: [3]}]\n', 'error 2:33 registry.edges.0.gates.0: expected a gate: one of metric, change, slices, pinned, latency, size, drift, age, reproducible, rule, card, feedback, approval'],
    ['  edges: [{to: staging, gates: [{metric: accuracy, mn: 0.9}]}]\n', "error 2:52 the gate metric doesn't know 'mn': did you mean 'min'?"],
    ['  edges: [{to: staging, gates: [{metric: accuracy}]}]\n', 'error 2:33 registry.edges.0.gates.0: give min or max'],
    ['  edges: [{to: staging, gates: [{metric: accuracy, min: 0.9, max: 0.8}]}]\n', 'error 2:57 registry.edges.0.gates.0.min: min is above max: nothing would pass'],
    ['  edges: [{to: staging, gates: [{slices: 0.1, margin: 0.05}]}]\n', 'error 2:55 registry.edges.0.gates.0.margin: margin is below maxWorsening: what may be worse would never be shown to be good enough'],
    ['  edges: [{to: staging, gates: [{approval: none}]}]\n', 'error 2:44 registry.edges.0.gates.0.approval: expected number, received string'],
    ['  edges: [{to: staging, gates: [{approval: {peple: 2}}]}]\n', "error 2:45 the gate approval doesn't know 'peple': did you mean 'people'?"],
    ['  edges: [{to: staging, gates: [{approval: {people: 0}}]}]\n', 'error 2:53 registry.edges.0.gates.0.people: Too small: expected number to be >=1'],
    ['  edges: [{to: staging, gates: [{rule: python check.py}]}]\n', 'error 2:40 registry.edges.0.gates.0.rule: expected a list such as [python, check.py]'],
    ['  edges: [{to: staging, gates: [{size: big}]}]\n', "error 2:40 registry.edges.0.gates.0.size: expected bytes, or a text such as '100 MB'"],
    ['  edges: [{to: staging, gates: [{pinned: nothing}]}]\n', "error 2:34 the gate pinned doesn't know 'pinned'"],
    ['  edges: [{to: staging, gates: [{gate: slices, slices: [yung]}]}]\nslices: {young: age < 30}\n', "warning 2:57 there is no slice 'yung': did you mean 'young'?"],
    ['  edges: [{to: staging, gates: [{gate: metric, metric: a, min: 1, slice: yung}]}]\n', "warning 2:74 there is no slice 'yung' in this file"],
    ['  edges: [{to: staging, gates: [{gate: pinned, evaluation: lons}]}]\nevaluations: {loans: {data: a.csv}}\n', "warning 2:60 there is no evaluation 'lons': did you mean 'loans'?"],
    ['  aliases: {champion: prod}\n', "error 2:23 there is no environment 'prod': did you mean 'production'?"],
    ['  cards: 3\n', 'error 2:10 registry.cards: expected string, received number'],
  ])('says what is wrong in %j', (text, expected) => {
    expect(places(`registry:\n${text}`)[0]).toContain(expected);
  });

  it('what is wrong in environments or edges stops promotions and leaves the rest working; what is wrong elsewhere does not', () => {
    const { config } = parse('registry:\n  environments: [a, b]\n  edges:\n    - { to: a, gates: [{ metric: accuracy, minn: 0.9 }] }\n    - { from: a, to: b }\n  share: shared\nexperiments:\n  e: { command: [x] }\n');
    expect(config.registry.broken).toBe("runyard.yaml:4: the gate metric doesn't know 'minn': did you mean 'min'?");
    expect([config.registry.edges, config.registry.share, Object.keys(config.experiments)]).toEqual([[{ from: 'a', to: 'b' }], 'shared', ['e']]);
    for (const fine of ['registry:\n  cards: 3\n', 'registry:\n  aliases: { champion: prod }\n', 'registry:\n  edges: [{ to: staging, gates: [{ gate: pinned, evaluation: nothing }] }]\n']) {
      expect(parse(fine).config.registry.broken, fine).toBeUndefined();
    }
  });

  it('a file that is no YAML, or that can not be read, may hold gates that nobody sees: nothing is promoted', () => {
    expect(parse('experiments: [\nregistry:\n  edges: []\n').config.registry.broken).toMatch(/^runyard\.yaml:\d+: not YAML/);
    expect(parse('- a\n').config.registry.broken).toMatch(/^runyard\.yaml:1: expected sections/);
    expect(parse('registry: [a]\n').config.registry.broken).toMatch(/^runyard\.yaml:1: expected environments/);
    expect(loadConfig('/nowhere/at/all').config.registry.broken).toBeUndefined();
  });
});

describe('a gate', () => {
  it('is told by the word that no other gate has', () => {
    expect(wholeGate({ change: 0.1, metric: 'mae' })).toMatchObject({ kind: 'change', value: { gate: 'change', min: 0.1, metric: 'mae' } });
    expect(wholeGate({ gate: 'slices', slices: ['a'] })).toMatchObject({ kind: 'slices', short: null });
    expect(wholeGate(null)).toMatchObject({ kind: null });
  });
});
