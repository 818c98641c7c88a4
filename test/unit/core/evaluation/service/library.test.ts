import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../../src/core/base/log';
import { openFolders } from '../../../../../src/core/evaluation/service/folders';
import { openLibrary, type Library } from '../../../../../src/core/evaluation/service/library';
import type { EvaluationDoc } from '../../../../../src/protocol/evaluation/result';
import { until } from '../../../../support/until';
import { id, store, tempDir } from '../../store/support';
import { docOf, putFolder } from './support';

function open(workspace = tempDir()): { workspace: string; library: Library; rows: ReturnType<typeof store>['evaluations']; names(): string[] } {
  const at = store(path.join(workspace, '.runyard'));
  const folder = path.join(workspace, '.runyard', 'evaluations');
  return { workspace, library: openLibrary({ workspace, store: at, log: silentLog }), rows: at.evaluations, names: () => readdirSync(folder).sort() };
}
const make = (library: Library, doc: EvaluationDoc): Promise<void> => library.aside(async (aside) => {
  const folder = path.join(aside, 'made');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'evaluation.json'), JSON.stringify(doc));
  await library.keep(folder, doc);
});

describe('evaluations that are kept', () => {
  it('are in their folders and in the store, and found by what a person calls them', async () => {
    const { library, rows, names } = open();
    await library.ready;
    await make(library, docOf(1));
    await make(library, docOf(2, { name: 'price' }));
    expect(names()).toEqual([id(1), id(2)]);
    expect((await library.get('@last:car-loan')).id).toBe(id(1));
    expect(await library.find(id(3))).toBeUndefined();
    await make(library, docOf(1, { outcome: 'fail' }));
    expect([(await library.find(id(1)))?.outcome, rows.get(id(1))?.outcome, names().length]).toEqual(['fail', 'fail', 2]);
    await library.remove([id(1)]);
    expect([names(), rows.ids()]).toEqual([[id(2)], [id(2)]]);
  });

  it('are taken in again from their folders where the database was lost, or didn\'t hear of one', async () => {
    const workspace = tempDir();
    putFolder(workspace, docOf(1));
    const first = open(workspace);
    await first.library.ready;
    expect(first.rows.list()).toMatchObject([{ id: id(1), value: 0.9 }]);
    putFolder(workspace, docOf(2));
    rmSync(path.join(workspace, '.runyard', 'evaluations', id(1)), { recursive: true });
    const again = open(workspace);
    await again.library.ready;
    expect(again.rows.ids()).toEqual([id(2)]);
  });

  it('that can\'t be read harm no other, and are made again', async () => {
    const workspace = tempDir();
    putFolder(workspace, docOf(1), '{"format": 1, "id"');
    putFolder(workspace, docOf(2), JSON.stringify({ ...docOf(2), overall: {} }));
    putFolder(workspace, docOf(3), JSON.stringify(docOf(4)));
    mkdirSync(path.join(workspace, '.runyard', 'evaluations', id(6)));
    putFolder(workspace, docOf(5));
    const { library, rows } = open(workspace);
    await library.ready;
    expect(rows.ids()).toEqual([id(5)]);
    for (const n of [1, 2, 3, 6]) expect(await library.find(id(n))).toBeUndefined();
    await make(library, docOf(1));
    await make(library, docOf(6));
    expect((await library.find(id(1)))?.name).toBe('car-loan');
    expect(rows.ids()).toEqual([id(1), id(5), id(6)]);
  });

  it('are gone from lists where somebody deleted the folder', async () => {
    const { library, rows, workspace } = open();
    await make(library, docOf(1));
    rmSync(path.join(workspace, '.runyard', 'evaluations', id(1)), { recursive: true });
    await expect(library.get(id(1))).rejects.toMatchObject({ code: 'not_found' });
    expect(rows.ids()).toEqual([]);
  });

  it('are never half there: what an ended engine left is taken away, one that was being replaced is back', async () => {
    const workspace = tempDir();
    const folder = path.join(workspace, '.runyard', 'evaluations');
    mkdirSync(path.join(folder, '.tmp-abc', 'evaluation'), { recursive: true });
    writeFileSync(path.join(folder, '.tmp-abc', 'evaluation', 'predictions.parquet'), 'half');
    for (const n of [1, 2]) {
      mkdirSync(path.join(folder, `.old-${id(n)}`), { recursive: true });
      writeFileSync(path.join(folder, `.old-${id(n)}`, 'evaluation.json'), JSON.stringify(docOf(n, { outcome: 'fail' })));
    }
    putFolder(workspace, docOf(2));
    const { library, names } = open(workspace);
    await library.ready;
    expect(names()).toEqual([id(1), id(2)]);
    expect([(await library.find(id(1)))?.outcome, (await library.find(id(2)))?.outcome]).toEqual(['fail', 'pass']);
  });

  it('have nothing beside them of evaluators that were ended: data that were kept open for more questions are taken away', async () => {
    const workspace = tempDir();
    const folders = openFolders(workspace, silentLog, 1);
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const names = (): string[] => readdirSync(folders.root);
    await folders.aside(async () => { for (const pid of [ended, process.pid]) mkdirSync(path.join(folders.root, `.tmp-data-${pid}-0`)); });
    await until('the dead one to be gone', () => !names().includes(`.tmp-data-${ended}-0`));
    expect(names()).toEqual([`.tmp-data-${process.pid}-0`]);
    folders.dispose();
  });

  it('leave no folder behind when the making fails', async () => {
    const { library, names, workspace } = open();
    await expect(library.aside(async (folder) => {
      writeFileSync(path.join(folder, 'x'), 'y');
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(names()).toEqual([]);
    expect(existsSync(path.join(workspace, '.runyard', 'evaluations'))).toBe(true);
  });
});
