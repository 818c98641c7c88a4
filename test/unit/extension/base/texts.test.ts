import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandText, configuredFor } from '../../../../src/extension/base/command';
import { escapeMarkdown, markdownTable } from '../../../../src/extension/base/markdown';
import { runsToCsv, runsToMarkdown } from '../../../../src/extension/base/table';
import { readTags } from '../../../../src/extension/base/tags';
import { launcherText } from '../../../../src/extension/launcher-text';
import { configTemplate } from '../../../../src/extension/template';
import { parseConfig } from '../../../../src/core/config/load';
import { runRow, summary } from '../../../support/extension-rows';

describe('Markdown', () => {
  test('shows a name as the text that it is', () => {
    expect(escapeMarkdown('[x](command:bad) <b>|*_`')).toBe('\\[x\\]\\(command:bad\\) &lt;b\\>\\|\\*\\_\\`');
  });
  test('of any text has no line end and no bracket of its own', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      expect(escapeMarkdown(text)).not.toMatch(/[\r\n<]|(^|[^\\])[[\]|`]/);
    }));
  });
  test('puts a table together', () => {
    expect(markdownTable(['a', 'b'], [['x|y', '1']], [1])).toBe('| a | &nbsp;&nbsp;b |\n| :--- | ---: |\n| x\\|y | &nbsp;&nbsp;1 |');
  });
});

describe('tables to take away', () => {
  const rows = [
    runRow({ params: { lr: '0.1', note: 'a,"b"' }, metrics: { acc: summary(0.123456789) }, started: 0, ended: 1.5 }),
    runRow({ name: '=cmd()', params: { lr: '-0.5' }, metrics: { acc: summary('NaN') }, started: null, ended: null }),
  ];
  test('are CSV with full precision, and nothing that a spreadsheet would run', () => {
    const [head, first, second] = runsToCsv(rows).split('\r\n');
    expect(head).toBe('run,id,experiment,state,started,seconds,params.lr,params.note,metrics.acc');
    expect(first).toBe('calm-fox-1,0123456789abcdef0123456789abcdef,car,finished,1970-01-01T00:00:00.000Z,1.5,0.1,"a,""b""",0.123456789');
    expect(second).toBe("'=cmd(),0123456789abcdef0123456789abcdef,car,finished,,,-0.5,,NaN");
  });
  test('are Markdown without spaces of ours in it', () => {
    expect(runsToMarkdown(rows)).not.toContain('&nbsp;');
  });
});

describe('tags as they are typed', () => {
  test.each([
    ['a=1, keep', { a: '1', keep: 'true' }], ['', {}], ['k = v = w', { k: 'v = w' }], ['empty=', { empty: '' }], ['=x', undefined], ['a=1,,b', { a: '1', b: 'true' }],
  ])('%j are %j', (typed, tags) => {
    expect(readTags(typed)).toEqual(tags);
  });
});

describe('commands', () => {
  const one = { name: 'car', argv: ['python', './train.py'], params: {}, line: 1 };
  test('a script is its experiment where exactly one names it', () => {
    expect(configuredFor('train.py', [one])).toBe('car');
    expect(configuredFor('other.py', [one])).toBeUndefined();
    expect(configuredFor('train.py', [one, { ...one, name: 'again' }])).toBeUndefined();
  });
  test('are shown with quotes where they need them', () => {
    expect(commandText({ argv: ['python', 'a b.py', '--lr', '0.1'] })).toBe('python "a b.py" --lr 0.1');
  });
});

describe('files that we write', () => {
  test('the launcher starts the command line with every argument, also from a path with a quote in it', () => {
    const text = launcherText({ program: "/opt/it's/code", cli: '/x/cli.js', windows: false });
    expect(text).toContain("ELECTRON_RUN_AS_NODE=1 exec '/opt/it'\\''s/code' \"$cli\" \"$@\"");
    expect(launcherText({ program: 'C:\\c.exe', cli: 'C:\\cli.js', windows: true })).toContain('"C:\\c.exe" "C:\\cli.js" %*');
  });
  test('a first runyard.yaml has no problem in it and names the script', () => {
    const { config, problems } = parseConfig(configTemplate('src/my train.py'), 'runyard.yaml');
    expect(problems).toEqual([]);
    expect(config.experiments['my-train']?.command).toEqual(['python', 'src/my train.py']);
  });
});
