import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printExact, printSorted, readExact, typeOfField } from '../../../../src/core/registry/exact-json';

it('gives back what it read, to the last digit', () => {
  const text = '{"a":1.0,"b":[1e5,-0.10,12345678901234567890],"c":"1.0 NaN \\" Infinity","d":NaN,"e":-Infinity,"f":null}';
  expect(printExact(readExact(text))).toBe(text);
});

it('gives back any JSON as JSON.parse would', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = JSON.stringify(value);
    expect(printExact(readExact(text))).toBe(JSON.stringify(JSON.parse(text)));
  }));
});

it('is the same text for the same value', () => {
  expect(printSorted(readExact('{"b":1,"a":{"d":[{"z":1,"y":2}],"c":1.0}}'))).toBe('{"a":{"c":1.0,"d":[{"y":2,"z":1}]},"b":1}');
});

it.each(['', '{', '[1,]', 'NaNa', '{"a":Infinityx}'])('%j is none', (text) => {
  expect(() => readExact(text)).toThrow(SyntaxError);
});

it('tells types as Python would', () => {
  const all = readExact('[null,true,1,1.0,1.5,1e3,12345678901234567890,NaN,"1",[],{}]') as unknown[];
  expect(all.map(typeOfField)).toEqual(['null', 'boolean', 'integer', 'float', 'float', 'float', 'integer', 'float', 'string', 'array', 'object']);
});
