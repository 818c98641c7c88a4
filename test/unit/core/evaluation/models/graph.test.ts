// ONNX files: what they say of themselves, and the file without ZipMap.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGraph } from '../../../../../src/core/evaluation/models/graph';
import { bytesField, decode, spans } from '../../../../../src/core/evaluation/models/onnx-messages';

const models = path.resolve(import.meta.dirname, '../../../../fixtures/models');
const bytesOf = (name: string): Buffer => readFileSync(path.join(models, name));
const graphOf = (bytes: Uint8Array): Uint8Array => decode('Model', bytes).graph;
const fieldsOf = (bytes: Uint8Array): string[] => spans(bytes).map(({ from, to }) => Buffer.from(bytes.subarray(from, to)).toString('hex'));

describe('a graph', () => {
  test('says its inputs and outputs with types and shapes, a size that isn\'t fixed as null', () => {
    const { inputs, outputs, producer, opsets } = readGraph('typed', bytesOf('typed.onnx'));
    expect(inputs).toEqual([
      { name: 'tall', type: 'float32', shape: [null] }, { name: 'years', type: 'int32', shape: [null, 1] }, { name: 'member', type: 'bool', shape: [null, 1] },
      { name: 'weight', type: 'float64', shape: [null, 1] }, { name: 'town', type: 'string', shape: [null, 1] },
    ]);
    expect([outputs, producer, opsets]).toEqual([[{ name: 'y', type: 'float32', shape: [null, 1] }], 'make.py', { '': 17, 'ai.onnx.ml': 3 }]);
  });
  test('counts no weights among its inputs, though old files list them there', () => {
    expect(readGraph('old', bytesOf('old_initializers.onnx')).inputs.map(({ name }) => name)).toEqual(['X']);
  });
  test('names the files that hold its weights, and its metadata', () => {
    expect(readGraph('external', bytesOf('external.onnx')).external).toEqual(['external.weights']);
    expect(readGraph('logits', bytesOf('logits.onnx')).metadata['feature_names']).toBe('["second", "first name"]');
  });
  test('without ZipMap is loaded as it is', () => {
    expect(readGraph('double', bytesOf('double.onnx'))).toMatchObject({ changed: null, zipMaps: [] });
  });
});

describe('ZipMap', () => {
  test('taken out, its tensor is the output and its classes are known; all else is byte for byte as it was', () => {
    const before = bytesOf('strings_zipmap.onnx');
    const { changed, zipMaps, outputs } = readGraph('strings', before);
    expect(zipMaps).toEqual([{ output: 'output_probability', tensor: 'probabilities', classes: ['cat', 'dog', 'eel'] }]);
    expect(outputs.map(({ name }) => name)).toEqual(['output_label', 'probabilities']);
    const after = changed ?? new Uint8Array();
    expect(fieldsOf(after).filter((field) => !fieldsOf(before).includes(field))).toHaveLength(1);
    const old = fieldsOf(graphOf(before));
    const now = fieldsOf(graphOf(after));
    const gone = old.filter((field) => !now.includes(field));
    expect(gone.map((field) => Buffer.from(field, 'hex').toString('latin1')).every((text) => text.includes('ZipMap') || text.includes('output_probability'))).toBe(true);
    expect(gone).toHaveLength(2);
    expect(now.filter((field) => !old.includes(field))).toHaveLength(1);
    expect(readGraph('again', after)).toMatchObject({ changed: null, zipMaps: [] });
  });
  test('leaves fields that nobody here knows of where they are', () => {
    const strange = bytesField(999, Buffer.from('of a later version'));
    const bytes = Buffer.concat([strange, bytesOf('binary_zipmap.onnx'), strange]);
    const changed = Buffer.from(readGraph('strange', bytes).changed ?? []);
    expect([changed.indexOf(strange), changed.lastIndexOf(strange)]).toEqual([0, changed.length - strange.length]);
  });
});

test.each([['text', Buffer.from('version https://git-lfs.github.com/spec/v1\n')], ['nothing', Buffer.alloc(0)], ['half a file', bytesOf('strings_zipmap.onnx').subarray(0, 400)], ['noise', Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 7919) % 256))]])('%s is no ONNX model, and the message says which file', (_, bytes) => {
  expect(() => readGraph('given.onnx', bytes)).toThrow(expect.objectContaining({ code: 'bad_input', message: expect.stringContaining('given.onnx is no ONNX model') as string }));
});
