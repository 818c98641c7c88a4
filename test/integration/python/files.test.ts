import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ofKind, python, readSpool, runFolder } from './support';

let run: ReturnType<typeof runFolder>;
let data: ReturnType<typeof runFolder>;
beforeEach(() => { run = runFolder(); data = runFolder(); });
afterEach(() => { run.dispose(); data.dispose(); });

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const kept = (name: string) => readFileSync(join(run.dir, 'artifacts', name));
const quoted = (name: string) => JSON.stringify(join(data.dir, name));

function quiet(script: string) {
  expect(python(script, run.dir)).toMatchObject({ code: 0, stderr: '' });
  return readSpool(run.dir);
}

describe('log_artifact', () => {
  it('copies a file or a folder, and leaves no half copy', () => {
    writeFileSync(join(data.dir, 'm.onnx'), 'model');
    mkdirSync(join(data.dir, 'plots/deep'), { recursive: true });
    writeFileSync(join(data.dir, 'plots/a.txt'), 'a');
    writeFileSync(join(data.dir, 'plots/deep/ü.txt'), 'u');
    const spool = quiet(`
import pathlib, runyard
runyard.log_artifact(${quoted('m.onnx')})
runyard.log_model(pathlib.Path(${quoted('m.onnx')}), "models/best.onnx")
runyard.log_artifact(${quoted('plots')}, "p")`);
    expect(ofKind(spool, 'artifact').map((event) => [event.path, event.kind])).toEqual([
      ['m.onnx', 'file'], ['models/best.onnx', 'model'], ['p/a.txt', 'file'], ['p/deep/ü.txt', 'file']]);
    expect(kept('models/best.onnx').toString()).toBe('model');
    expect(kept('p/deep/ü.txt').toString()).toBe('u');
    expect(readdirSync(run.dir).filter((name) => name.startsWith('.part'))).toEqual([]);
  });

  it('refuses names that leave the folder, by dots, by roots or by links, and says so', () => {
    writeFileSync(join(data.dir, 'f'), 'x');
    mkdirSync(join(run.dir, 'artifacts'));
    symlinkSync(data.dir, join(run.dir, 'artifacts/link'));
    const names = ['../up', 'a/../../up', '/tmp/runyard-absolute', 'C:\\up', '\\up', '..\\up', '..', '', '.', 'a\u0000b', 'link/planted'];
    const said = python(`
import json, runyard
for name in json.loads(${JSON.stringify(JSON.stringify(names))}): runyard.log_artifact(${quoted('f')}, name)
runyard.log_table("../../t", [[1]]); runyard.log_image("../../i", b"x")`, run.dir);
    expect(said.code).toBe(0);
    expect(said.stderr.trim().split('\n')).toHaveLength(names.length + 2);
    expect(readSpool(run.dir).events).toEqual([]);
    expect(readdirSync(join(run.dir, 'artifacts'))).toEqual(['link']);
    expect(readdirSync(data.dir)).toEqual(['f']);
    expect(existsSync('/tmp/runyard-absolute')).toBe(false);
  });
});

describe('log_dataset', () => {
  it('finds digest, rows and schema of a CSV with quotes, newlines in cells, empty cells and no last newline', () => {
    const text = 'id,price,ok,"na,me"\n1,0.5,True,"a\nb"\n2,,False,"say ""hi"""\n3,7,,x';
    writeFileSync(join(data.dir, 'd.csv'), text);
    const spool = quiet(`import runyard\nrunyard.log_dataset("cars", ${quoted('d.csv')}, role="test")`);
    expect(ofKind(spool, 'dataset')[0]?.dataset).toEqual({
      name: 'cars', role: 'test', path: join(data.dir, 'd.csv'), rows: 3, digest: sha256(text),
      schema: [{ name: 'id', type: 'int64' }, { name: 'price', type: 'float64' }, { name: 'ok', type: 'bool' }, { name: 'na,me', type: 'string' }] });
  });

  it('what is given wins; other files and folders get a digest; addresses are said, not read', () => {
    writeFileSync(join(data.dir, 'a.bin'), 'a');
    mkdirSync(join(data.dir, 'parts'));
    writeFileSync(join(data.dir, 'parts/1.csv'), 'x\n1\n2\n');
    writeFileSync(join(data.dir, 'parts/2.csv'), 'x\n3\n');
    const spool = quiet(`
import runyard
runyard.log_dataset("given", ${quoted('a.bin')}, rows=5, schema={"x": "int8"}, digest="d")
runyard.log_dataset("file", ${quoted('a.bin')})
runyard.log_dataset("parts", ${quoted('parts')})
runyard.log_dataset("far", "s3://bucket/x.parquet")
runyard.log_dataset("name only")`);
    const found = ofKind(spool, 'dataset').map((event) => event.dataset);
    expect(found[0]).toMatchObject({ rows: 5, digest: 'd', schema: [{ name: 'x', type: 'int8' }] });
    expect(found[1]).toEqual({ name: 'file', role: 'train', path: join(data.dir, 'a.bin'), digest: sha256('a') });
    expect(found[2]).toMatchObject({ rows: 3, digest: sha256(`1.csv\0${sha256('x\n1\n2\n')}\n2.csv\0${sha256('x\n3\n')}\n`) });
    expect(found[3]).toEqual({ name: 'far', role: 'train', path: 's3://bucket/x.parquet', digest: '' });
    expect(found[4]).toEqual({ name: 'name only', role: 'train', digest: '' });
  });

  it('takes what looks like a DataFrame', () => {
    const spool = quiet(`
import runyard
class Frame:
    columns, dtypes = ["a", "b"], ["int64", "object"]
    def __len__(self): return 2
    def to_csv(self, index): return "a,b\\n1,x\\n2,y\\n"
runyard.log_dataset("frame", Frame()); runyard.log_table("t", Frame())`);
    expect(ofKind(spool, 'dataset')[0]?.dataset).toEqual({
      name: 'frame', role: 'train', rows: 2, digest: sha256('a,b\n1,x\n2,y\n'), schema: [{ name: 'a', type: 'int64' }, { name: 'b', type: 'object' }] });
    expect(kept('t.csv').toString()).toBe('a,b\n1,x\n2,y\n');
  });
});

describe('log_table and log_image', () => {
  it('a table is CSV, from rows, dicts or columns', () => {
    const spool = quiet(`
import runyard
runyard.log_table("rows", [["a", "b"], [1, 'x "y", z']])
runyard.log_table("dicts.csv", [{"a": 1}, {"b": 2}])
runyard.log_table("deep/columns", {"a": [1, 2], "b": [3, 4]})`);
    expect(ofKind(spool, 'artifact').map((event) => [event.path, event.kind])).toEqual([
      ['rows.csv', 'table'], ['dicts.csv', 'table'], ['deep/columns.csv', 'table']]);
    expect(kept('rows.csv').toString()).toBe('a,b\n1,"x ""y"", z"\n');
    expect(kept('dicts.csv').toString()).toBe('a,b\n1,\n,2\n');
    expect(kept('deep/columns.csv').toString()).toBe('a,b\n1,3\n2,4\n');
  });

  it('an image is kept from bytes, a path, and what can save itself', () => {
    writeFileSync(join(data.dir, 'pic.gif'), 'GIF89a');
    const spool = quiet(`
import runyard
class Figure:
    def savefig(self, file, format): file.write(b"\\x89PNG figure")
class Axes: figure = Figure()
class Pil:
    size = (1, 1)
    def save(self, file, format): file.write(b"\\x89PNG pil")
runyard.log_image("jpeg", b"\\xff\\xd8\\xff rest"); runyard.log_image("copy", ${quoted('pic.gif')})
runyard.log_image("figure", Figure()); runyard.log_image("axes.png", Axes()); runyard.log_image("pil", Pil())`);
    expect(ofKind(spool, 'artifact').map((event) => [event.path, event.kind])).toEqual(
      ['jpeg.jpg', 'copy.gif', 'figure.png', 'axes.png', 'pil.png'].map((path) => [path, 'image']));
    expect(kept('axes.png').toString('latin1')).toContain('PNG figure');
  });

  it('an array becomes a PNG with its pixels', () => {
    quiet(`
import runyard
class Array:
    dtype, shape = "uint8", (2, 1, 3)
    def clip(self, low, high): return self
    def astype(self, kind): return self
    def tobytes(self): return bytes([1, 2, 3, 4, 5, 6])
runyard.log_image("array", Array())`);
    const png = kept('array.png');
    expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([1, 2, 8, 2]);
    const start = png.indexOf('IDAT') + 4;
    expect([...inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)))]).toEqual([0, 1, 2, 3, 0, 4, 5, 6]);
  });
});
