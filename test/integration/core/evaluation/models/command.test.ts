// Programs that predict: lines of JSON in and out, or files.
import { mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCommand } from '../../../../../src/core/evaluation/models/command';
import type { OpenModelOptions, Predictor } from '../../../../../src/core/evaluation/models/types';
import { isAlive, startTimeOf } from '../../../../../src/core/tracking/process';
import { batchOf, dataOf, type Table } from '../../../../unit/core/evaluation/models/table';
import { until } from '../../../../support/until';

let folder = '';
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'command-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 1000;
const table: Table = {
  id: { type: 'string', values: Array.from({ length: ROWS }, (_, row) => `r${row}`) },
  x: { type: 'float', values: Array.from({ length: ROWS }, (_, row) => (row % 10 === 3 ? null : row / 10)) },
  n: { type: 'int', values: Array.from({ length: ROWS }, (_, row) => row) },
  flag: { type: 'bool', values: Array.from({ length: ROWS }, (_, row) => row % 2 === 0) },
  place: { type: 'string', values: Array.from({ length: ROWS }, (_, row) => (row % 7 === 0 ? null : 'Zürich "1"\n')) },
  y: { type: 'int', values: Array.from({ length: ROWS }, () => 1) },
};
const options = (more: Partial<OpenModelOptions> = {}): OpenModelOptions => ({ workspace: folder, temp: path.join(folder, 'temp'), data: dataOf(table), id: 'id', label: 'y', exclude: [], python: 'python3', ...more });
const python = (code: string): string[] => ['python3', '-c', code];
const STREAM = `import sys, json
for line in sys.stdin:
    row = json.loads(line)
`;
const opened = (code: string, more?: Partial<OpenModelOptions>): Promise<Predictor> => openCommand({ command: python(code) }, options(more), { quiet: 300 });

describe('lines of JSON', () => {
  test('hold the id and the columns in their order, null where a value is missing, and no label', async () => {
    await using predictor = await opened(`${STREAM}    open('seen.jsonl', 'a').write(line)\n    print(1)\n`);
    await predictor.score(batchOf(table, 0, 5));
    expect(readFileSync(path.join(folder, 'seen.jsonl'), 'utf8').split('\n').slice(0, 4)).toEqual([
      '{"id":"r0","x":0,"n":0,"flag":true,"place":null}', '{"id":"r1","x":0.1,"n":1,"flag":false,"place":"Zürich \\"1\\"\\n"}',
      '{"id":"r2","x":0.2,"n":2,"flag":true,"place":"Zürich \\"1\\"\\n"}', '{"id":"r3","x":null,"n":3,"flag":false,"place":"Zürich \\"1\\"\\n"}',
    ]);
  });

  test('are answered by bare labels, by numbers, or by a score or probabilities of classes', async () => {
    await using labels = await opened(`${STREAM}    print(json.dumps(row["n"] % 2 == 0))\n`);
    expect(await labels.score(batchOf(table, 0, 3))).toEqual({ labels: ['True', 'False', 'True'], scores: null, width: 0, failed: new Map() });
    await using numbers = await opened(`${STREAM}    print(row["n"] * 2)\n`, { task: 'regression' });
    expect(await numbers.score(batchOf(table, 4, 6))).toEqual({ labels: null, scores: Float64Array.of(8, 10), width: 1, failed: new Map() });
    await using score = await opened(`${STREAM}    print(json.dumps({"label": 1, "score": row["n"] / 4}))\n`);
    expect(await score.score(batchOf(table, 0, 2))).toEqual({ labels: ['1', '1'], scores: Float64Array.of(0, 0.25), width: 1, failed: new Map() });
    await using shares = await opened(`${STREAM}    print(json.dumps({"label": "b", "probabilities": {"b": 0.75, "a": 0.25}}))\n`);
    expect(await shares.score(batchOf(table, 0, 1))).toEqual({ labels: ['b'], scores: Float64Array.of(0.25, 0.75), width: 2, failed: new Map() });
    expect([shares.classes, shares.task]).toEqual([['a', 'b'], 'binary']);
  });

  test('go to one process as long as it answers as it goes', async () => {
    await using predictor = await opened(`open('starts', 'a').write('x')\n${STREAM}    print(row["n"])\n`);
    for (let from = 0; from < ROWS; from += 100) expect((await predictor.score(batchOf(table, from, from + 100))).labels?.[1]).toBe(String(from + 1));
    expect(readFileSync(path.join(folder, 'starts'), 'utf8')).toBe('x');
  });

  test('are answered by a program that reads them all first, at its input\'s end', async () => {
    await using predictor = await opened('import sys\nlines = sys.stdin.read().splitlines()\nprint("\\n".join(str(len(lines)) for _ in lines))\n');
    expect((await predictor.score(batchOf(table, 0, 400))).labels).toEqual(new Array(400).fill('400'));
    expect((await predictor.score(batchOf(table, 400, 1000))).labels).toEqual(new Array(600).fill('600'));
  });

  test('are written no faster than they are read', async () => {
    const long: Table = { text: { type: 'string', values: Array.from({ length: 5000 }, (_, row) => `${row} `.repeat(200)) }, y: { type: 'int', values: new Array<number>(5000).fill(0) } };
    await using predictor = await opened(`${STREAM}    print(json.dumps(row["text"][:8].split()[0]))\n`, { data: dataOf(long), id: undefined });
    const { labels, failed } = await predictor.score(batchOf(long));
    expect([labels?.[0], labels?.[4999], failed.size]).toEqual(['0', '4999', 0]);
  });
});

describe('a row that goes wrong', () => {
  const failing = (what: string, answer = 'row["n"]'): string => `${STREAM}    if row["n"] == 701:\n        ${what}\n    else:\n        print(${answer})\n`;
  test.each([
    ['a line that is no JSON', 'print("oops!")', /no JSON: oops!/], ['NaN', 'print(json.dumps({"score": float("nan")}))', /NaN/], ['null', 'print("null")', /null/],
    ['an error of its own', 'print(json.dumps({"error": "too cold"}))', /too cold/], ['an answer without a prediction', 'print("{}")', /no label/], ['a list', 'print("[1]")', /can't be read/],
    ['an exception', 'raise ValueError("bad row")', /exit status 1: ValueError: bad row/], ['a crash', 'import os; os.abort()', /SIGABRT/],
  ])('by %s is the only one without a prediction', async (_, what, reason) => {
    await using predictor = await opened(failing(what));
    const { labels, failed } = await predictor.score(batchOf(table));
    expect([...failed.keys()]).toEqual([701]);
    expect(failed.get(701)).toMatch(reason);
    expect(labels?.filter((label) => label === null)).toHaveLength(1);
    expect([labels?.[700], labels?.[702], labels?.[999]]).toEqual(['700', '702', '999']);
  });

  test('is found where the program answers only at the end', async () => {
    await using predictor = await opened('import sys, json\nrows = [json.loads(line) for line in sys.stdin]\nassert all(row["n"] != 701 for row in rows), "not this one"\nprint("\\n".join(str(row["n"]) for row in rows))\n');
    const { labels, failed } = await predictor.score(batchOf(table, 690, 710));
    expect([...failed.keys()]).toEqual([11]);
    expect([labels?.[10], labels?.[12]]).toEqual(['700', '702']);
  });

  test('is told from others by the ids that answers carry', async () => {
    await using predictor = await opened(`${STREAM}    if row["n"] not in (5, 701):\n        print(json.dumps({"id": row["id"], "label": row["n"]}))\n`);
    const { labels, failed } = await predictor.score(batchOf(table));
    expect([...failed.keys()]).toEqual([5, 701]);
    expect(labels?.[702]).toBe('702');
  });
});

describe('a program that can\'t do it', () => {
  test('is named with its last words where it answers nothing', async () => {
    await using predictor = await opened('import no_such_module_here\n');
    await expect(predictor.score(batchOf(table))).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('No module named \'no_such_module_here\'') as string });
  });
  test('is refused where it gives fewer answers than rows', async () => {
    await using predictor = await opened(`${STREAM}    if row["n"] != 7: print(1)\n`);
    await expect(predictor.score(batchOf(table))).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('999 answers to 1000 rows') as string });
  });
  test('is refused where it gives more answers than rows', async () => {
    await using predictor = await opened(`print(0)\n${STREAM}    print(1)\n`);
    await expect(predictor.score(batchOf(table))).rejects.toMatchObject({ message: expect.stringContaining('more lines than') as string });
  });
  test('is told where messages belong', async () => {
    await using predictor = await opened(`print("Loading the model ...")\n${STREAM}    print(1)\n`);
    await expect(predictor.score(batchOf(table))).rejects.toMatchObject({ message: expect.stringContaining('Loading the model') as string, hint: expect.stringContaining('standard error') as string });
  });
  test('is named where it isn\'t there', async () => {
    await using predictor = await openCommand({ command: ['no-such-program'] }, options());
    await expect(predictor.score(batchOf(table))).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('no-such-program') as string });
  });
  test('is not started without end', async () => {
    await using predictor = await openCommand({ command: ['sh', '-c', 'while read line; do case "$line" in *\'"n":0,\'*) echo 1;; *) exit 3;; esac; done'] }, options());
    const { failed } = await predictor.score(batchOf(table, 0, 100));
    expect(failed.size).toBe(99);
    expect(failed.get(99)).toMatch(/not tried/);
  });
});

test('cancelled, the program and what it started are gone', async () => {
  const controller = new AbortController();
  const predictor = await opened('import subprocess, sys, time\nchild = subprocess.Popen(["sleep", "600"])\nopen("pid", "w").write(str(child.pid))\ntime.sleep(600)\n');
  const scored = expect(predictor.score(batchOf(table), controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  const pid = await until('the child\'s pid', () => existsSync(path.join(folder, 'pid')) && Number(readFileSync(path.join(folder, 'pid'), 'utf8')));
  const child = { pid, startTime: startTimeOf(pid) };
  controller.abort();
  await scored;
  await until('the end of what it started', () => !isAlive(child));
});

describe('files', () => {
  const script = (read: string, write: string): string => `import csv, sys\n${read}\n${write}\n`;
  const READ = 'rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))';
  test('hold the rows and the predictions, by their columns\' names', async () => {
    const code = script(READ, 'out = csv.writer(open(sys.argv[2], "w", newline=""))\nout.writerow(["id", "label", "p_no", "p_yes"])\nfor row in reversed(rows): out.writerow([row["id"], "yes", 0.25, 0.75 if row["place"] != "" else 0.5])');
    await using predictor = await openCommand({ command: [...python(code), '{rows.csv}', '{predictions.csv}'] }, options());
    const { labels, scores, failed } = await predictor.score(batchOf(table, 0, 20));
    expect([predictor.classes, labels?.[3], [...failed]]).toEqual([['no', 'yes'], 'yes', []]);
    expect([...(scores ?? [])].slice(0, 4)).toEqual([0.25, 0.5, 0.25, 0.75]);
  });
  test('that fall over a row leave only that row without a prediction', async () => {
    const code = script(READ, 'assert all(row["n"] != "17" for row in rows), "seventeen"\nopen(sys.argv[2], "w").write("score\\n" + "".join(row["n"] + "\\n" for row in rows))');
    await using predictor = await openCommand({ command: [...python(code), '{rows.csv}', '{predictions.csv}'] }, options());
    const { scores, failed } = await predictor.score(batchOf(table, 16, 32));
    expect([...failed.keys()]).toEqual([1]);
    expect(failed.get(1)).toContain('seventeen');
    expect(scores?.[15]).toBe(31);
  });
  test('are Parquet unless they are named otherwise', async () => {
    writeFileSync(path.join(folder, 'copy.sh'), 'cp "$1" "$2"\n');
    const label: Table = { label: { type: 'string', values: ['a', 'b', null] }, y: { type: 'int', values: [1, 1, 1] } };
    await using predictor = await openCommand({ command: ['sh', 'copy.sh', '{rows}', '{predictions}'] }, options({ data: dataOf(label), id: undefined }));
    const { labels, failed } = await predictor.score(batchOf(label));
    expect([labels, [...failed.keys()]]).toEqual([['a', 'b', null], [2]]);
  });
  test('that are not written, or have too few rows, are said so', async () => {
    await using none = await openCommand({ command: [...python('pass'), '{rows}', '{predictions}'] }, options());
    await expect(none.score(batchOf(table))).rejects.toMatchObject({ message: expect.stringContaining('wrote no predictions') as string });
    await using few = await openCommand({ command: [...python('import sys\nopen(sys.argv[1], "w").write("label\\n1\\n")'), '{predictions.csv}'] }, options());
    await expect(few.score(batchOf(table))).rejects.toMatchObject({ message: expect.stringContaining('1 predictions for 1000 rows') as string });
  });
});

test('another script is another model', async () => {
  writeFileSync(path.join(folder, 'score.py'), 'print(1)');
  const digest = async (): Promise<string> => (await openCommand({ command: ['python3', 'score.py'] }, options())).facts.digest;
  const before = await digest();
  expect(await digest()).toBe(before);
  writeFileSync(path.join(folder, 'score.py'), 'print(2)');
  expect(await digest()).not.toBe(before);
});
