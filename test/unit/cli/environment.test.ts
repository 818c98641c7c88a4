import { expect, test } from 'vitest';
import { forwardedEnvironment } from '../../../src/cli/environment';

const ENV = { PATH: '/bin', CUDA_VISIBLE_DEVICES: '1', VIRTUAL_ENV: '/venv', AWS_SECRET_ACCESS_KEY: 'secret', HF_TOKEN: 'secret', MY_DATA: '/data' };

test('what chooses programs and devices goes along, what may be secret does not', () => {
  expect(forwardedEnvironment(ENV, [])).toEqual({ PATH: '/bin', CUDA_VISIBLE_DEVICES: '1', VIRTUAL_ENV: '/venv' });
});

test('what is named goes along, with a value or as it is here', () => {
  expect(forwardedEnvironment(ENV, ['MY_DATA', 'HF_TOKEN=', 'A=b=c'])).toMatchObject({ MY_DATA: '/data', HF_TOKEN: '', A: 'b=c' });
});

test('a name that is not set here is an error, not an empty value', () => {
  expect(() => forwardedEnvironment(ENV, ['NOPE'])).toThrow("--env NOPE names a variable that isn't set here");
});
