import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/core/config/load';
import { checkConfig, defaultMonitoring } from '../../../../src/core/config/monitoring';
import { wholeCheck } from '../../../../src/core/config/monitor-checks';
import { TEMPLATE } from '../../../../src/cli/commands/init';

const parse = (text: string): ReturnType<typeof parseConfig> => parseConfig(text, 'runyard.yaml');
const places = (text: string): string[] => parse(text).problems.map((p) => `${p.severity} ${p.line}:${p.column} ${p.message}`);
const DAY = 86_400;

const GOOD = `experiments:
  train: { command: [python, train.py] }
evaluations:
  loans: { data: a.csv, label: y }
slices:
  young: age < 30
  old: age > 60
monitors:
  loan-daily:
    model: loan@production
    window: 1d
    cadence: week
    schedule: { cron: '0 6 * * *' }
    slices: [young, { name: far, where: km > 100 }]
    checks:
      - drift
      - check: drift
        name: money
        columns: [income]
        limits: { psi: 0.2 }
      - { estimated: roc_auc, drop: 0.03, severity: critical, slice: old }
      - rows: 100
      - fresh: 2h
      - command: [python, check.py, 3]
        timeout: 5
    runbook: |
      Look at the feed first.
    hooks:
      - [python, tell.py, 4]
      - { webhook: 'http://127.0.0.1:1/x', on: [opened], severity: critical, timeout: 2 }
  feed:
    log: { data: logs/*.parquet, time: at, id: [customer, day], prediction: said, probabilities: p, label: truth }
    reference: data/train.csv
    schedule: 30m
serving:
  loan@production:
    sample: 0.5
    drop: [name]
    hash: [phone]
    rules:
      - { name: minors, when: age < 18, action: reject }
      - name: odd
        when: score > 2
        on: output
        action: replace
        value: 0
    shadow: { environment: staging }
    canary: { version: 3, percent: 5 }
retraining:
  weekly:
    model: loan@production
    experiment: train
    evaluation: loans
    triggers: [{ on: schedule, every: 1w }, { on: drift, monitor: feed, windows: 2 }, { on: labels, count: 500 }]
    budget: { perWeek: 2 }
onCall: { start: 2026-11-16, people: [Ana, Bo], except: { 2026-11-23: Cy } }
`;

describe('monitors:, serving:, retraining: and onCall: in runyard.yaml', () => {
  it('say all that they can say, short forms made whole', () => {
    const { config: { monitoring }, problems } = parse(GOOD);
    expect(problems).toEqual([]);
    expect(monitoring.monitors['loan-daily']).toMatchObject({
      name: 'loan-daily', line: 9, checkLines: [16, 17, 21, 22, 23, 24], model: 'loan@production', window: DAY, cadence: 'week', schedule: { cron: '0 6 * * *' }, reference: 'previous',
      severity: 'warning', open: 1, close: 2, runbook: 'Look at the feed first.\n',
    });
    const whole = (check: Record<string, unknown>): unknown => checkConfig.parse(check);
    expect(monitoring.monitors['loan-daily']?.checks).toEqual([
      whole({ check: 'drift' }), whole({ check: 'drift', name: 'money', columns: ['income'], limits: { psi: 0.2 } }), whole({ check: 'estimated', metric: 'roc_auc', drop: 0.03, severity: 'critical', slice: 'old' }),
      whole({ check: 'rows', min: 100 }), whole({ check: 'fresh', within: 7200 }), whole({ check: 'command', command: ['python', 'check.py', '3'], timeout: 5 }),
    ]);
    // The slice that a check names is looked at, too.
    expect(monitoring.monitors['loan-daily']?.slices.map(({ name, where }) => [name, where])).toEqual([['young', 'age < 30'], ['far', 'km > 100'], ['old', 'age > 60']]);
    expect(monitoring.monitors['loan-daily']?.hooks).toMatchObject([{ command: ['python', 'tell.py', '4'], on: ['opened', 'resolved'], timeout: 10 }, { webhook: 'http://127.0.0.1:1/x', on: ['opened'], severity: 'critical' }]);
    expect(monitoring.monitors['feed']).toMatchObject({
      line: 31, log: { data: { files: ['logs/*.parquet'] }, id: ['customer', 'day'], probabilities: 'p' }, reference: { data: { files: ['data/train.csv'] } }, schedule: { every: 1800 }, checkLines: [31, 31, 31],
      checks: [{ check: 'drift' }, { check: 'predictions' }, { check: 'schema' }],
    });
    expect(monitoring.serving['loan@production']).toMatchObject({ model: 'loan@production', line: 36, ruleLines: [41, 42], sample: 0.5, shadow: { environment: 'staging', share: 1 }, canary: { version: 3, percent: 5 }, batch: { rows: 256 } });
    expect(monitoring.retraining['weekly']).toMatchObject({ name: 'weekly', line: 50, triggers: [{ on: 'schedule', every: 7 * DAY }, { on: 'drift', monitor: 'feed', windows: 2 }, { on: 'labels', count: 500 }], budget: { perWeek: 2, minutes: 60 } });
    expect(monitoring.onCall).toEqual({ start: '2026-11-16', people: ['Ana', 'Bo'], except: { '2026-11-23': 'Cy' } });
  });

  it('without the sections, or with empty ones, nothing is watched', () => {
    for (const text of ['', 'monitors:\nserving:\nretraining:\nonCall:\n', 'monitors: {}\n']) expect([parse(text).config.monitoring, parse(text).problems]).toEqual([defaultMonitoring(), []]);
  });

  it('names the nearest key for one that it does not know, at its place', () => {
    expect(places(`monitors:
  a:
    model: m@production
    windw: 1d
    log: { data: { files: [x.csv], formt: csv }, time: t, tme: t }
    reference: { befor: 1d, before: 1d }
    hooks: [{ webhok: 'http://x.org', webhook: 'http://x.org' }]
serving:
  m@production: { smple: 1, batch: { row: 3 }, rules: [{ name: a, when: x > 1, acton: flag }] }
retraining:
  r: { model: m@production, experiment: e, cooldown: 1d, triggers: [{ on: labels, count: 3, monitr: a }] }
onCall: { start: 2026-11-16, people: [Ana], excpt: {} }
experiments: { e: { command: [x] } }
`)).toEqual([
      "warning 4:5 unknown key 'windw': did you mean 'window'?", "warning 5:59 unknown key 'tme': did you mean 'time'?", "warning 5:36 unknown key 'formt': did you mean 'format'?",
      "warning 6:18 unknown key 'befor': did you mean 'before'?", "warning 7:15 unknown key 'webhok': did you mean 'webhook'?",
      "warning 9:38 unknown key 'row': did you mean 'rows'?", "warning 9:80 unknown key 'acton': did you mean 'action'?", "warning 9:19 unknown key 'smple': did you mean 'sample'?",
      "warning 11:93 unknown key 'monitr'; known here: on, count", "warning 11:44 unknown key 'cooldown': did you mean 'coolDown'?", "warning 12:45 unknown key 'excpt': did you mean 'except'?",
    ]);
  });

  it.each([
    ['a misspelt limit would watch nothing', '{ check: estimated, metric: f1, mn: 0.9 }', "6:41 the check estimated doesn't know 'mn': did you mean 'min'?"],
    ['an unknown check', 'drfit', "6:9 there is no check 'drfit': did you mean 'drift'?"],
    ['an unknown check in words', '{ check: dirft }', "6:18 there is no check 'dirft': did you mean 'drift'?"],
    ['no check at all', '{ metric: f1 }', '6:9 monitors.a.checks.0: expected a check: one of drift, predictions, schema, estimated, realised, rows, fresh, latency, rules, command'],
    ['no metric', '{ check: estimated }', '6:9 monitors.a.checks.0.metric: expected string, received undefined'],
    ['a wrong value in a short form', '{ rows: many }', '6:17 monitors.a.checks.0.rows: expected number, received string'],
    ['min above max', '{ rows: 5, max: 3 }', '6:9 monitors.a.checks.0: min is above max: nothing would pass'],
    ['a length of time', '{ fresh: soon }', '6:18 monitors.a.checks.0.fresh: expected a length of time such as 1d, 12h or 30m'],
    ['a severity', '{ check: drift, severity: bad }', "6:35 monitors.a.checks.0.severity: expected 'info', 'warning' or 'critical'"],
  ])('refuses a check with its place: %s', (_, check, expected) => {
    const text = `monitors:\n  a:\n    model: m@production\n    checks:\n      # the one\n      - ${check}\n`;
    expect(places(text)).toEqual([`error ${expected}`]);
    expect(parse(text).config.monitoring.monitors).toEqual({});
  });

  it('refuses two checks that nobody could tell apart', () => {
    const two = (more: string): string => `monitors:\n  a:\n    model: m@production\n    checks:\n      - { estimated: f1, min: 0.5 }\n      - { estimated: f1, drop: 0.1${more} }\n`;
    expect(places(two(''))).toEqual(['error 6:9 the check estimated:f1 stands here twice (line 5 has it, too): give one of them a name: of its own']);
    expect(places(two(', name: fall'))).toEqual([]);
  });

  it.each([
    ['model: production', "error 3:12 monitors.a.model: expected NAME@ENVIRONMENT, such as car-loan@production"],
    ['window: 1d', 'error 2:3 monitors.a: give model: NAME@ENVIRONMENT, or log:'],
    ['{ model: m@production, schedule: never }', "error 3:38 'never' is no cron line of five fields such as '0 6 * * 1' (invalid configuration format ('never'), exactly five, six, or seven space separated parts are required.)"],
    ["{ model: m@production, schedule: { cron: '61 * * * *' } }", "error 3:46 '61 * * * *' is no cron line of five fields such as '0 6 * * 1' (Invalid value for minute: 61)"],
    ["{ model: m@production, schedule: '0 0 30 2 *' }", "error 3:38 '0 0 30 2 *' never comes: no day is like that"],
    ["{ model: m@production, schedule: { cron: '0 0 * * *', every: 1d } }", 'error 3:38 monitors.a.schedule: give cron or every, one of the two'],
    ['{ model: m@production, schedule: { evry: 1d } }', "warning 3:40 unknown key 'evry': did you mean 'every'?"],
    ['{ model: m@prodction }', "warning 3:14 there is no environment 'prodction': did you mean 'production'?"],
    ['{ model: m@production, slices: [yung] }', "warning 3:37 there is no slice 'yung': did you mean 'young'?"],
    ['{ model: m@production, checks: [{ realised: mae, slice: yung }] }', "warning 3:61 there is no slice 'yung': did you mean 'young'?"],
    ['{ model: m@production, slices: [{ name: x }] }', 'error 3:37 monitors.a.slices.0: give where or tagger, one of the two'],
    ['{ model: m@production, reference: before }', "error 3:39 monitors.a.reference: expected 'previous', { data: FILES } or { before: 7d }"],
    ['{ model: m@production, checks: drift }', 'error 3:36 monitors.a.checks: expected a list of checks such as [drift, predictions, { rows: 100 }]'],
    ['{ model: m@production, hooks: [{ command: [x], webhook: http://a.org }] }', 'error 3:36 monitors.a.hooks.0: give command or webhook, one of the two'],
    ['{ model: m@production, hooks: [{ webhook: ftp://a.org }] }', 'error 3:47 monitors.a.hooks.0.webhook: expected an address such as https://example.org/hook'],
  ])('says at its place what is wrong with a monitor: %s', (body, expected) => {
    const inner = body.startsWith('{') ? body : body;
    expect(places(`monitors:\n  a:\n    ${inner}\nslices: { young: age < 30 }\n`)[0]).toBe(expected);
  });

  it('a monitor needs a name that a folder can have, and its own', () => {
    expect(places('monitors:\n  ../up: { model: m@production }\n')).toEqual(["error 2:3 '../up' can't be the name of a monitor: take letters, digits, spaces and . _ + -, beginning with a letter or a digit"]);
    expect(places('monitors:\n  a: { model: m@production }\n  a: { model: m@production }\n')).toEqual(['error 3:3 not YAML: Map keys must be unique']);
    expect(places('monitors: [a]\n')).toEqual(['error 1:11 expected names under monitors:']);
  });

  it.each([
    ['loan', '{}', "error 2:3 'loan': expected NAME@ENVIRONMENT, such as car-loan@production"],
    ['loan@live', '{}', "warning 2:3 there is no environment 'live'; there are staging, production"],
    ['loan@production', '{ sample: 2 }', 'error 2:30 serving.loan@production.sample: expected a share from 0 to 1'],
    ['loan@production', '{ rules: [{ name: a, when: x > 1, action: replace }] }', 'error 2:30 serving.loan@production.rules.0.value: action: replace needs value:'],
    ['loan@production', '{ rules: [{ name: a, when: x > 1 }, { name: a, when: x > 2 }] }', "error 2:64 the rule 'a' stands here twice"],
    ['loan@production', '{ shadow: { environment: production } }', 'error 2:45 serving.loan@production.shadow: production is the environment itself: name another, or a version'],
    ['loan@production', '{ canary: { percent: 5 } }', 'error 2:30 serving.loan@production.canary: give environment or version, one of the two'],
  ])('says at its place what is wrong with serving of %s: %s', (name, body, expected) => {
    expect(places(`serving:\n  ${name}: ${body}\n`).map((one) => one.replace(/^(error|warning) 2:\d+/, (at) => (expected.startsWith(at) ? at : `${at}!`)))).toEqual([expected]);
  });

  it.each([
    ['experiment: trian', "there is no experiment 'trian': did you mean 'train'?"],
    ['experiment: train, evaluation: loan', "there is no evaluation 'loan': did you mean 'loans'?"],
    ['experiment: train, promoteTo: prod', "there is no environment 'prod': did you mean 'production'?"],
    ['experiment: train, triggers: [{ on: drift, monitor: fed }]', "there is no monitor 'fed': did you mean 'feed'?"],
    ['experiment: train, triggers: [{ on: schedule }]', 'retraining.r.triggers.0: give cron or every, one of the two'],
    ['experiment: train, triggers: [{ on: schedule, cron: x }]', "'x' is no cron line of five fields such as '0 6 * * 1' (invalid configuration format ('x'), exactly five, six, or seven space separated parts are required.)"],
    ['experiment: train, triggers: [{ on: drfit, monitor: feed }]', "there is no trigger 'drfit': did you mean 'drift'?"],
    ['experiment: train, coolDown: long', 'retraining.r.coolDown: expected a length of time such as 1d, 12h or 30m'],
  ])('says what is wrong with a retraining: %s', (body, expected) => {
    const { problems } = parse(`experiments: { train: { command: [x] } }\nevaluations: { loans: { data: a.csv, label: y } }\nmonitors: { feed: { model: m@production } }\nretraining:\n  r: { model: m@production, ${body} }\n`);
    expect(problems.map(({ line, message }) => `${line} ${message}`)[0]).toBe(`5 ${expected}`);
  });

  it('names weeks by their Mondays', () => {
    expect(places('onCall: { start: 2026-11-17, people: [Ana] }')).toEqual(['error 1:18 2026-11-17 is no Monday: weeks begin on Mondays']);
    expect(places('onCall: { start: 2026-11-16, people: [Ana], except: { 2026-11-24: Bo } }')).toEqual(['error 1:55 2026-11-24 is no Monday: name a week by its Monday']);
    expect(places('onCall: { start: soon, people: [Ana] }')).toEqual(['error 1:18 onCall.start: expected a date such as 2026-11-16']);
  });

  it('what is wrong in one monitor leaves the others and the rest of the file working', () => {
    const { config, problems } = parse(`${GOOD}`.replace('rows: 100', 'rows: few'));
    expect(problems).toHaveLength(1);
    expect(Object.keys(config.monitoring.monitors)).toEqual(['feed']);
    expect([Object.keys(config.monitoring.serving), Object.keys(config.experiments), config.registry.broken]).toEqual([['loan@production'], ['train'], undefined]);
  });
});

describe('an entry that can not be read', () => {
  const broken = (text: string): unknown[] => parse(text).config.monitoring.broken.map(({ name, line, message, more }) => [name, line, message, more]);

  it('is known by its name, with its first error and how many follow', () => {
    expect(broken(GOOD)).toEqual([]);
    expect(broken(GOOD.replace('rows: 100', 'rows: few').replace('fresh: 2h', 'fresh: soon'))).toEqual([['loan-daily', 22, 'monitors.loan-daily.checks.3.rows: expected number, received string', 1]]);
    expect(broken('monitors: { a: { checks: [drift] }, b: , c: { model: m@production } }\n')).toEqual([['a', 1, 'monitors.a: give model: NAME@ENVIRONMENT, or log:', 0], ['b', 1, 'monitors.b: give model: NAME@ENVIRONMENT, or log:', 0]]);
  });

  it('because YAML itself is wrong there is told so, and that others may be missing', () => {
    const found = parse('monitors:\n  a: { model: m@production }\n  b: { model: m@production, checks: [drift\n  c: { model: m@production }\n').config.monitoring;
    expect(Object.keys(found.monitors)).toEqual(['a', 'c']);
    expect(found.broken.map(({ section, name, message }) => [section, name, /^not YAML: /.test(message)])).toEqual([[null, null, true], ['monitors', 'b', true]]);
  });

  it('of serving and of retraining as of monitors, each under its section', () => {
    const sections = (text: string): unknown[] => parse(text).config.monitoring.broken.map(({ section, name, line, message }) => [section, name, line, message]);
    expect(sections('serving:\n  loan@production: { sample: 2 }\nretraining:\n  weekly: { model: loan@production, experiment: gone }\n  daily: { model: loan }\nexperiments: {}\n')).toEqual([
      ['serving', 'loan@production', 2, 'serving.loan@production.sample: expected a share from 0 to 1'],
      ['retraining', 'weekly', 4, "there is no experiment 'gone'"],
      ['retraining', 'daily', 5, 'retraining.daily.model: expected NAME@ENVIRONMENT, such as car-loan@production'],
    ]);
    expect(sections('serving: [a]\nretraining: 3\n')).toEqual([['serving', null, 1, 'expected names under serving:'], ['retraining', null, 2, 'expected names under retraining:']]);
  });

  it.each([
    ['the section is no map', 'monitors: [a, b]\n', 1, 'expected names under monitors:'],
    ['the file is no map', '- monitors\n', 1, 'expected sections such as experiments: and metrics: here'],
  ])('has no name where %s', (_, text, line, message) => {
    expect(broken(text)).toEqual([[null, line, message, 0]]);
  });
});

describe('the whole form of a check', () => {
  it('comes from a word, from one key, from a map under its kind', () => {
    expect(wholeCheck('schema')).toEqual({ kind: 'schema', value: { check: 'schema' }, short: null });
    expect(wholeCheck({ latency: 5 })).toEqual({ kind: 'latency', value: { check: 'latency', p95: 5 }, short: { part: 'p95', key: 'latency' } });
    expect(wholeCheck({ drift: { columns: ['a'] }, name: 'x' })).toEqual({ kind: 'drift', value: { check: 'drift', columns: ['a'], name: 'x' }, short: null });
    expect(wholeCheck({ drift: true })).toEqual({ kind: 'drift', value: { check: 'drift' }, short: null });
    expect([wholeCheck(3).kind, wholeCheck({ x: 1 }).kind]).toEqual([null, null]);
  });
});

describe('the template of runyard init', () => {
  it('says nothing, and is right where its comments are taken away', () => {
    const parts = TEMPLATE.split('\n').filter((line) => /^# ( |[a-zA-Z]+: ?(\{.*)?$|[a-zA-Z]+: \{)/.test(line)).map((line) => line.slice(2));
    const { problems, config } = parse(parts.join('\n'));
    expect(problems).toEqual([]);
    expect([Object.keys(config.monitoring.monitors), Object.keys(config.monitoring.serving), Object.keys(config.monitoring.retraining), config.monitoring.onCall?.people]).toEqual([['loan-daily'], ['loan@production'], ['weekly'], ['Ana', 'Bo']]);
    expect(parse(TEMPLATE)).toMatchObject({ problems: [], config: { monitoring: defaultMonitoring() } });
  });
});
