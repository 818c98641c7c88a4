/** The plugin that MLflow's client finds in a run: driven by the real client, with nobody answering, or somebody else. */
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { pytest, type Checked } from './checks';

const here = path.join(import.meta.dirname, 'plugin');
const python = path.resolve(import.meta.dirname, '../../../python');
const env = { PYTHONPATH: [path.join(import.meta.dirname, 'checks'), python].join(path.delimiter) };
const collected = await pytest(['--collect-only', here], env);
if (collected.status !== 0) throw new Error(`the tests could not be collected:\n${collected.output}`);

let checked: Checked;
beforeAll(async () => { checked = await pytest([here], env); });

describe('the plugin', () => {
  test.each([...collected.checks.keys()])('%s', (id) => {
    const check = checked.checks.get(id);
    expect(check?.outcome, check?.text ?? checked.output).toMatch(/passed|skipped/);
  });
});
