import { expect, test } from 'vitest';
import { registryLine } from '../../../../src/extension/registry/config-line';

const text = `version: 1
slices:
  production: {where: a > 1}
registry:
  environments:
    staging:
    production:
      onPromote: []
  edges:
    - {from: staging, to: production, gates: []}
    - to: "staging"
metrics:
  to: staging
`;

test('an environment is found at the edge that leads to it', () => {
  expect(registryLine(text, 'production')).toBe(9);
  expect(registryLine(text, 'staging')).toBe(10);
});
test('without an edge it is found where it is named, else the section is', () => {
  const bare = text.replace(/ {4}- .*\n/g, '');
  expect(registryLine(bare, 'production')).toBe(6);
  expect(registryLine(text, 'a+b')).toBe(3);
  expect(registryLine(text)).toBe(3);
});
test('without a section there is no place', () => {
  expect(registryLine('version: 1\n', 'production')).toBeUndefined();
});
