/** Ten thousand entries: what is asked often stays fast, because what is new is added to what is known. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lineOf, nextEntry, type LedgerEntry, type LedgerFacts } from '../../../../src/core/registry/ledger/entry';
import { ana, ben, move, place, tempFolder } from '../../../unit/core/registry/ledger/support';
import { facts, view } from '../../../unit/core/registry/view/support';

const COUNT = 10_000;
const clones = ['0000000000000001', '0000000000000002'] as const;

/** What a year of twenty models may come to: each version registered, gated, approved, promoted; written by two clones that pull now and then. */
function written(folder: string): void {
  const last: (LedgerEntry | null)[] = [null, null];
  const lines: string[][] = [[], []];
  for (let i = 0; i < COUNT; i++) {
    const clone = Math.floor(i / 25) % 2;
    const version = Math.floor(i / 100) + 1;
    const model = `model-${i % 20}`;
    const step: Partial<LedgerFacts> = [
      { kind: 'registered' as const, facts: facts(`${i}`), environment: null }, { kind: 'gates' as const, facts: { to: 'production', outcome: 'pass', gates: [], evaluations: [] } },
      { kind: 'approved' as const, facts: { comment: 'ok', signature: null }, by: ben }, { kind: 'promoted' as const }, { kind: 'comment' as const, facts: { id: `${i}`, text: 'seen', on: { model, version } } },
    ][Math.floor(i / 20) % 5] ?? {};
    const other = last[1 - clone];
    const seen = i % 25 === 0 && other ? { [clones[1 - clone] ?? '']: other.hash } : {};
    const entry = nextEntry(clones[clone] ?? '', last[clone] ?? null, { t: 1_700_000_000_000 + i * 1000, ...move(version, { by: ana, model, ...step }), seen });
    last[clone] = entry;
    lines[clone]?.push(lineOf(entry));
  }
  for (const [at, clone] of clones.entries()) writeFileSync(path.join(folder, `${clone}.jsonl`), `${lines[at]?.join('\n') ?? ''}\n`);
}

test('ten thousand entries are read once, and asked and added to in milliseconds', async () => {
  const workspace = tempFolder();
  const first = place(workspace);
  first.ledger.append(move(1, { model: 'model-0' }));
  written(path.dirname(first.file));
  const took: Record<string, number> = {};
  const timed = async <T>(what: string, work: () => T | Promise<T>, times = 1): Promise<T> => {
    const from = performance.now();
    let result = await work();
    for (let n = 1; n < times; n++) result = await work();
    took[what] = (performance.now() - from) / times;
    return result;
  };
  await timed('take in from the files', () => first.ledger.refresh());
  expect(first.ledger.entries()).toHaveLength(COUNT + 1);
  first.close();
  const at = await timed('open again', () => view(workspace));
  await timed('first look', () => at.view['registry.models']({}));
  await timed('registry.models', () => at.view['registry.models']({}), 10);
  await timed('registry.model', () => at.view['registry.model']({ model: 'model-3' }), 10);
  await timed('history of all, first', () => at.view['registry.history']({ limit: COUNT }));
  await timed('history of all', () => at.view['registry.history']({ limit: COUNT }), 5);
  await timed('registry.at', () => at.view['registry.at']({ model: 'model-3', environment: 'production', time: 1_700_000_500_000 }), 10);
  await timed('append', () => at.ledger.append(move(1, { model: 'model-3' })), 20);
  await timed('append and registry.models', async () => { at.ledger.append(move(1, { model: 'model-3' })); return at.view['registry.models']({}); }, 10);
  await timed('refresh without news', () => at.ledger.refresh(), 50);
  const verified = await timed('verify', () => at.ledger.verify());
  expect(verified).toMatchObject({ ok: true, entries: COUNT + 31 });
  expect(readFileSync(first.file, 'utf8').trimEnd().split('\n')).toHaveLength(31);
  if (process.env['RUNYARD_FIGURES'] !== undefined) process.stdout.write(`${JSON.stringify(Object.fromEntries(Object.entries(took).map(([what, ms]) => [what, Number(ms.toFixed(2))])), null, 1)}\n`);
  // Far above what it takes, and far below reading all of it each time.
  expect(took['registry.models']).toBeLessThan(60);
  expect(took['append and registry.models']).toBeLessThan(120);
  expect(took['refresh without news']).toBeLessThan(10);
  expect(took['open again']).toBeLessThan(3000);
});
