import { describe, expect, it } from 'vitest';
import { inOptions, saidInOptions } from '../../../../src/cli/evaluation/said';
import { RunyardError } from '../../../../src/core/base/errors';

describe('hints on a command line', () => {
  it.each([
    ['say which with mapping: {inputs: {"x": {columns: [...]}}}', 'say which with --input x=COLUMN,...'],
    ['read it as text with types: {zip: text}', 'read it as text with --types zip=text'],
    ['read it as text with types: {"zip code": text}', 'read it as text with --types zip code=text'],
    ['name it with predictions: {column: ...}', 'name it with --predictions COLUMN'],
    ['say which with mapping: {label, scores}', 'say which with --label-output or --scores-output'],
    ['raise the limit (maxAgeDays)', 'raise the limit (--max-age)'],
    ['nothing of the kind', 'nothing of the kind'],
  ])('%s', (yaml, options) => {
    expect(inOptions(yaml)).toBe(options);
  });

  it('are of the same error, with its code and message', () => {
    const error = new RunyardError('bad_input', 'which column?', 'name it with predictions: {column: ...}');
    expect(saidInOptions(error)).toMatchObject({ code: 'bad_input', message: 'which column?', hint: 'name it with --predictions COLUMN' });
    const other = new RunyardError('bad_input', 'which column?', 'any');
    expect(saidInOptions(other)).toBe(other);
    expect(saidInOptions('no error')).toBe('no error');
  });
});
