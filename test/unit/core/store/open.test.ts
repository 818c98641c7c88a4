import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../../../src/core/base/log';
import { pickDriver } from '../../../../src/core/store/driver';
import { suspicionFile } from '../../../../src/core/store/failures';
import { NEWEST } from '../../../../src/core/store/migrate';
import { openStore } from '../../../../src/core/store/open';
import { find, id, m, say, spec, store, tempDir } from './support';

const options = (dir: string) => ({ dir, log: silentLog, clock: () => 1_700_000_000 });
const dbFile = (dir: string): string => path.join(dir, 'runyard.db');

/** A closed store with some runs; enough pages that one in the middle can be broken. */
function filled(): string {
  const dir = tempDir();
  const at = store(dir);
  for (let n = 1; n <= 50; n += 1) {
    at.createRun(spec(n), 'running');
    say(at, n, ...Array.from({ length: 50 }, (_, i) => m(i, { a: i, b: -i })));
  }
  at.dispose();
  return dir;
}

describe('opening a store', () => {
  it('keeps its folder but the ledger out of Git, and leaves a .gitignore that a person wrote', () => {
    const dir = path.join(tempDir(), 'deep', '.runyard');
    store(dir);
    expect(readFileSync(path.join(dir, '.gitignore'), 'utf8')).toBe('*\n!/ledger/\n!/ledger/**\n');
    const older = tempDir();
    writeFileSync(path.join(older, '.gitignore'), '*\n');
    store(older);
    expect(readFileSync(path.join(older, '.gitignore'), 'utf8')).toContain('!/ledger/');
    const other = tempDir();
    writeFileSync(path.join(other, '.gitignore'), 'mine\n');
    store(other);
    expect(readFileSync(path.join(other, '.gitignore'), 'utf8')).toBe('mine\n');
    expect(readdirSync(other).filter((name) => name.includes('probe'))).toEqual([]);
  });

  it('takes write-ahead logging, or says why it can\'t', () => {
    const journal = (dir: string): string => {
      const db = pickDriver().open({ file: dbFile(dir), readonly: true });
      try { return db.prepare('PRAGMA journal_mode').get<{ journal_mode: string }>()?.journal_mode ?? ''; } finally { db.close(); }
    };
    const dir = filled();
    expect(journal(dir)).toBe('wal');
    const at = openStore({ ...options(dir), probe: () => 'no shared memory' });
    onTestFinished(() => at.dispose());
    expect(at.notices.join()).toContain('no shared memory');
    expect(find(at)).toHaveLength(50);
    say(at, 1, m(99, { a: 1 }));
    at.dispose();
    expect(journal(dir)).toBe('delete');
    expect(store(dir).notices.filter((notice) => notice.includes('journal'))).toEqual([]);
  });

  it('works on Node\'s own SQLite, and says so', () => {
    process.env['RUNYARD_SQLITE'] = 'node';
    onTestFinished(() => { delete process.env['RUNYARD_SQLITE']; });
    const at = store();
    expect(at.driver).toBe('node:sqlite');
    expect(at.notices.join()).toContain('node:sqlite');
    at.createRun(spec(1), 'running');
    say(at, 1, m(1, { a: 'NaN', b: 'Infinity' }), m(2, { b: 3 }));
    expect(at.getRun(id(1)).metrics).toMatchObject({ a: { value: 'NaN' }, b: { value: 3, max: 'Infinity' } });
    expect(find(at, { filter: 'metrics.b > 1', orderBy: ['metrics.a'] })).toEqual([1]);
    expect(() => at.createRun({ ...spec(2), name: undefined as unknown as string }, 'running')).toThrow();
    expect(at.runIds()).toEqual([id(1)]);
  });
});

describe('a store that is newer than the code', () => {
  it.each(['in the file', 'in the log only'])('is refused and left byte for byte: its version is %s', (where) => {
    const dir = filled();
    const db = pickDriver().open({ file: dbFile(dir) });
    db.exec(`PRAGMA journal_mode = ${where === 'in the file' ? 'DELETE' : 'WAL'}; PRAGMA user_version = ${NEWEST + 1}`);
    // As a crash leaves it: the log beside the file.
    const left = tempDir();
    cpSync(dir, left, { recursive: true });
    db.close();
    const before = readFileSync(dbFile(left));
    expect(() => openStore(options(left))).toThrowError(expect.objectContaining({ code: 'store_newer', hint: expect.stringContaining('update') as string }) as Error);
    expect(readFileSync(dbFile(left)).equals(before)).toBe(true);
    expect(readdirSync(left).some((name) => name.includes('corrupt'))).toBe(false);
  });
});

describe('a store that is damaged', () => {
  const damage: [string, (file: string) => void][] = [
    ['isn\'t a database', (file) => writeFileSync(file, 'hello '.repeat(500))],
    ['is cut off', (file) => truncateSync(file, 3 * 4096 + 17)],
    ['has a broken page', (file) => { const bytes = readFileSync(file); bytes.fill(0xff, 4096 * 4, Math.min(bytes.length, 4096 * 12)); writeFileSync(file, bytes); }],
  ];
  it.each(damage)('is moved aside whole, and a new one made: it %s', (_, harm) => {
    const dir = filled();
    harm(dbFile(dir));
    const broken = readFileSync(dbFile(dir));
    const at = store(dir);
    expect(at.fresh).toBe(true);
    expect(at.notices.join()).toContain('runyard.db.corrupt-20231114T221320Z');
    expect(readFileSync(`${dbFile(dir)}.corrupt-20231114T221320Z`).equals(broken)).toBe(true);
    expect(at.runIds()).toEqual([]);
    at.createRun(spec(1), 'running');
  });

  it('keeps each that was moved aside', () => {
    const dir = tempDir();
    for (let i = 0; i < 3; i += 1) {
      writeFileSync(dbFile(dir), `broken ${i}`);
      store(dir).dispose();
    }
    expect(readdirSync(dir).filter((name) => name.includes('corrupt')).sort()).toEqual(['', '-2', '-3'].map((end) => `runyard.db.corrupt-20231114T221320Z${end}`));
  });

  it('that is met while it works is remembered, and rebuilt at the next opening', () => {
    const dir = filled();
    const at = store(dir);
    // Another's write makes the store read its pages again.
    const other = pickDriver().open({ file: dbFile(dir) });
    other.exec('UPDATE counters SET value = value + 1; PRAGMA wal_checkpoint(TRUNCATE)');
    other.close();
    const bytes = readFileSync(dbFile(dir));
    bytes.fill(0xff, 4096 * 2, bytes.length);
    writeFileSync(dbFile(dir), bytes);
    const readAll = (): void => { for (const run of at.runIds()) at.points(run, 'a', { limit: 99, offset: 0 }); };
    expect(readAll).toThrowError(expect.objectContaining({ code: 'store_corrupt' }) as Error);
    expect(existsSync(suspicionFile(dbFile(dir)))).toBe(true);
    at.dispose();
    expect(store(dir).fresh).toBe(true);
    expect(existsSync(suspicionFile(dbFile(dir)))).toBe(false);
  });

  it('is not a file of no bytes', () => {
    const dir = tempDir();
    writeFileSync(dbFile(dir), '');
    const at = store(dir);
    expect([at.fresh, at.notices]).toEqual([true, []]);
  });
});

describe('a full disk', () => {
  const root = process.getuid?.() === 0 && process.platform === 'linux';
  it.runIf(root)('loses nothing: the batch and its offset are stored or neither, and going on works once there is space', () => {
    const dir = path.join(tempDir(), 'small');
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir]);
    let at = openStore(options(dir));
    onTestFinished(() => { at.dispose(); execFileSync('umount', ['-l', dir]); });
    at.createRun(spec(1), 'running');
    const batch = (n: number) => ({ run: id(1), file: 'f', to: n + 1, lines: n + 1, problems: [], events: Array.from({ length: 2000 }, (_, i) => m(n * 2000 + i, { y: i })) });
    let n = 0;
    const fill = (): void => { for (; n < 200; n += 1) at.applyBatch(batch(n)); };
    expect(fill).toThrowError(expect.objectContaining({ code: 'disk_full', hint: expect.stringContaining('free some space') as string }) as Error);
    expect(statSync(dbFile(dir)).size).toBeGreaterThan(0);
    expect(at.offset(id(1), 'f').offset).toBe(n);
    expect(at.points(id(1), 'y', { limit: 1, offset: 0 }).total).toBe(Math.max(1, n * 2000));
    execFileSync('mount', ['-o', 'remount,size=64m', dir]);
    for (const end = n + 3; n < end; n += 1) at.applyBatch(batch(n));
    expect(at.points(id(1), 'y', { limit: 1, offset: 0 }).total).toBe(n * 2000);
    at.dispose();
    at = openStore(options(dir));
    expect([at.fresh, at.offset(id(1), 'f').offset]).toEqual([false, n]);
  });
});
