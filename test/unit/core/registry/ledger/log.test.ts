import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunyardError } from '../../../../../src/core/base/errors';
import { pickDriver } from '../../../../../src/core/store/driver';
import { facts } from '../view/support';
import { ben, move, place, tempFolder, type Place } from './support';

const lines = ({ file }: Place): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
const write = ({ file }: Place, text: readonly string[]): void => writeFileSync(file, text.map((line) => `${line}\n`).join(''));
const versions = ({ ledger }: Place): (number | null)[] => ledger.entries().map(({ version }) => version);
const filled = (count: number): Place => {
  const at = place();
  for (let version = 1; version <= count; version++) at.ledger.append(move(version));
  return at;
};
const again = (at: Place): Place => { at.close(); return place(at.workspace); };

describe('a ledger', () => {
  test('keeps what was said in its file and in the store, over a restart', () => {
    const at = filled(3);
    const entry = at.ledger.append(move(4, { kind: 'approved', by: ben, facts: { comment: 'fine', signature: null } }));
    expect(JSON.parse(lines(at)[3] ?? '')).toEqual(entry);
    expect(at.context.store.ledger.all()).toHaveLength(4);
    const next = again(at);
    expect(next.ledger.clone).toBe(at.ledger.clone);
    expect(next.ledger.entries().at(-1)).toEqual(entry);
    expect(next.ledger.verify()).toMatchObject({ ok: true, entries: 4, chains: [{ clone: at.ledger.clone, entries: 4, ours: true }], faults: [], conflicts: [] });
  });

  test('prepares an entry without writing it, and refuses it when another came before', () => {
    const at = filled(1);
    const prepared = at.ledger.next(move(2));
    expect(lines(at)).toHaveLength(1);
    at.ledger.append(move(3));
    expect(() => at.ledger.commit(prepared)).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
    expect(() => at.ledger.commit({ ...at.ledger.next(move(2)), version: 5 })).toThrow(RunyardError);
    expect(versions(at)).toEqual([1, 3]);
    expect(lines(at)).toHaveLength(2);
  });

  test('hands out a list that stays as it was, and the same one until there is more', () => {
    const { ledger } = filled(2);
    const before = ledger.entries();
    expect(ledger.entries()).toBe(before);
    ledger.append(move(3));
    expect(before).toHaveLength(2);
    expect(ledger.entries()).toHaveLength(3);
  });

  test('holds a clock that went back at the last entry\'s time', () => {
    const at = filled(1);
    const [first] = at.ledger.entries();
    at.time.now -= 100_000;
    expect(at.ledger.append(move(2)).t).toBe(first?.t);
    expect(at.ledger.verify().ok).toBe(true);
  });

  test('is one writer\'s: two of one workspace can\'t say the same number twice', () => {
    const at = filled(1);
    const other = place(at.workspace);
    other.ledger.append(move(2));
    expect(() => at.ledger.append(move(3))).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
    at.ledger.append(move(4));
    expect(versions(at)).toEqual([1, 2, 4]);
    expect(at.ledger.verify().ok).toBe(true);
  });
});

describe('what a writer that was ended left', () => {
  test('half a line, is taken off with a warning and the next entry stands on a line of its own', () => {
    const at = filled(2);
    at.close();
    const whole = readFileSync(at.file, 'utf8');
    appendFileSync(at.file, '{"format":1,"clone":"');
    const next = place(at.workspace);
    expect(next.warnings.join()).toContain('cut short');
    expect(readFileSync(at.file, 'utf8')).toBe(whole);
    next.ledger.append(move(3));
    expect(next.ledger.verify()).toMatchObject({ ok: true, entries: 3 });
  });

  test.each(['', '\n'])('a whole line that the store never got, ending with %j, is taken in', (end) => {
    const at = filled(2);
    const entry = at.ledger.next(move(3));
    at.close();
    appendFileSync(at.file, `${JSON.stringify(entry)}${end}`);
    const next = place(at.workspace);
    expect(next.ledger.entries().at(-1)?.hash).toBe(entry.hash);
    next.ledger.append(move(4));
    expect(next.ledger.verify()).toMatchObject({ ok: true, entries: 4 });
  });

  test('cut at any byte of the newest line, never loses an entry before it', () => {
    const at = filled(3);
    at.close();
    const text = readFileSync(at.file, 'utf8');
    const last = text.trimEnd().lastIndexOf('\n') + 1;
    rmSync(path.join(at.workspace, '.runyard', 'runyard.db'));
    fc.assert(fc.property(fc.integer({ min: last, max: text.length }), (cut) => {
      writeFileSync(at.file, text.slice(0, cut));
      for (const name of readdirSync(path.join(at.workspace, '.runyard'))) if (name.startsWith('runyard.db')) rmSync(path.join(at.workspace, '.runyard', name));
      const next = place(at.workspace);
      const whole = cut >= text.length - 1;
      expect(next.ledger.verify()).toMatchObject({ ok: true, entries: whole ? 3 : 2 });
      next.ledger.append(move(9));
      expect(next.ledger.verify()).toMatchObject({ ok: true, entries: whole ? 4 : 3 });
      next.close();
    }), { numRuns: 12 });
  });
});

describe('a ledger that was changed by hand', () => {
  const named = (at: Place): { what: string; line: number | null; message: string }[] => again(at).ledger.verify().faults;

  test('an edited line, also one with a hash of its own that is right', () => {
    const at = filled(4);
    const all = lines(at);
    write(at, all.map((line, n) => (n === 1 ? line.replace('"version":2', '"version":7') : line)));
    expect(at.ledger.verify()).toMatchObject({ ok: false, faults: [{ clone: at.ledger.clone, line: 2, what: 'edited', message: expect.stringContaining('entry 1') as string }] });
    expect(named(at)).toEqual([expect.objectContaining({ what: 'edited', line: 2 })]);
  });

  test.each([[0], [2], [4]])('line %i taken out', (at) => {
    const here = filled(5);
    write(here, lines(here).filter((_, n) => n !== at));
    expect(here.ledger.verify().faults).toContainEqual(expect.objectContaining({ what: 'removed' }));
    const found = named(here);
    expect(found).toContainEqual(expect.objectContaining({ what: 'removed', clone: here.ledger.clone }));
    if (at < 4) expect(found.find(({ what }) => what === 'removed')?.message).toContain(`entry ${at} of`);
  });

  test('two lines in another order, and a line that is there twice', () => {
    const at = filled(4);
    const [a = '', b = '', c = '', d = ''] = lines(at);
    write(at, [a, c, b, d]);
    expect(named(at)).toContainEqual(expect.objectContaining({ what: 'reordered', line: 3, message: expect.stringContaining('entry 1') as string }));
    write(at, [a, b, b, c, d]);
    expect(named(at)).toEqual([expect.objectContaining({ what: 'reordered', line: 3 })]);
  });

  test('a chain written anew from an entry on is known by what the store has, entry by entry', () => {
    const at = filled(3);
    const [first = ''] = lines(at);
    const made = place();
    for (const version of [1, 8, 9]) made.ledger.append(move(version));
    write(at, [first, ...lines(made).slice(1).map((line) => line.replaceAll(made.ledger.clone, at.ledger.clone))]);
    expect(named(at).filter(({ what }) => what === 'edited').map(({ line }) => line)).toEqual(expect.arrayContaining([2, 3]));
  });

  test('is not mended in silence: what was taken out is named still after more was written', () => {
    const at = filled(3);
    write(at, lines(at).slice(0, 2));
    const next = again(at);
    next.ledger.append(move(4));
    expect(next.ledger.verify().faults).toContainEqual(expect.objectContaining({ what: 'removed', message: expect.stringContaining('entry 2 of') as string }));
    expect(versions(next)).toEqual([1, 2, 3, 4]);
  });

  test('a row that was edited around the store', () => {
    const at = filled(2);
    const db = pickDriver().open({ file: path.join(at.workspace, '.runyard', 'runyard.db') });
    db.exec("DROP TRIGGER ledger_no_update; UPDATE ledger SET doc = replace(doc, '\"version\":1', '\"version\":6') WHERE n = 0");
    db.close();
    expect(at.ledger.verify().faults).toEqual([expect.objectContaining({ what: 'edited', line: null, message: expect.stringContaining('in the store') as string })]);
  });

  test('a whole file that is gone is written again from the store, and said', () => {
    const at = filled(3);
    at.close();
    rmSync(at.file);
    const next = place(at.workspace);
    expect(next.warnings.join()).toContain('was gone');
    expect(next.ledger.verify()).toMatchObject({ ok: true, entries: 3 });
    rmSync(path.dirname(at.file), { recursive: true });
    next.ledger.append(move(4));
    expect(next.ledger.verify()).toMatchObject({ ok: true, entries: 4 });
  });
});

describe('a store that was lost', () => {
  const lose = (at: Place): void => {
    at.close();
    for (const name of readdirSync(path.join(at.workspace, '.runyard'))) if (name.startsWith('runyard.db')) rmSync(path.join(at.workspace, '.runyard', name));
  };

  test('has every entry again from the files', () => {
    const at = filled(3);
    lose(at);
    const next = place(at.workspace);
    expect(next.context.store.ledger.all()).toHaveLength(3);
    expect(next.ledger.verify()).toMatchObject({ ok: true, entries: 3 });
  });

  test('takes no entry that was edited, and all the others', () => {
    const at = filled(3);
    write(at, lines(at).map((line, n) => (n === 1 ? line.replace('"version":2', '"version":7') : line)));
    lose(at);
    const next = place(at.workspace);
    expect(versions(next)).toEqual([1, 3]);
    expect(next.ledger.verify().faults).toEqual([expect.objectContaining({ what: 'edited', line: 2 })]);
    next.ledger.append(move(4));
    expect(next.ledger.entries().at(-1)?.n).toBe(3);
  });

  test('and the file with it: the shared folder has both', () => {
    const workspace = tempFolder();
    const at = place(workspace, 'registry: {share: team}');
    at.ledger.append(move(1));
    at.ledger.append(move(2));
    lose(at);
    rmSync(at.file);
    const next = place(workspace, 'registry: {share: team}');
    expect(next.ledger.verify()).toMatchObject({ ok: true, entries: 2 });
    expect(lines(next)).toHaveLength(2);
  });
});

describe('clones', () => {
  test('a workspace that is moved keeps its chain, a copy of it has its own', () => {
    const at = filled(2);
    at.close();
    const [copied, moved] = [tempFolder(), tempFolder()];
    cpSync(path.join(at.workspace, '.runyard'), path.join(copied, '.runyard'), { recursive: true });
    renameSync(path.join(at.workspace, '.runyard'), path.join(moved, '.runyard'));
    expect(place(moved).ledger.clone).toBe(at.ledger.clone);
    const copy = place(copied);
    expect(copy.ledger.clone).not.toBe(at.ledger.clone);
    copy.ledger.append(move(3));
    expect(versions(copy)).toEqual([1, 2, 3]);
    expect(copy.ledger.verify()).toMatchObject({ ok: true, entries: 3 });
    expect(readdirSync(path.join(copied, '.runyard', 'ledger')).filter((name) => name.endsWith('.jsonl'))).toHaveLength(2);
  });

  test('each sees what others wrote into the shared folder, once it looks again', () => {
    const team = tempFolder();
    const [a, b] = [place(tempFolder(), `registry: {share: ${team}}`), place(tempFolder(), `registry: {share: ${team}}`)];
    a.ledger.append(move(1));
    expect(b.ledger.entries()).toHaveLength(0);
    expect([b.ledger.refresh(), b.ledger.refresh()]).toEqual([true, false]);
    b.ledger.append(move(2, { by: ben }));
    a.ledger.append(move(3));
    expect(a.ledger.refresh()).toBe(true);
    expect(b.ledger.refresh()).toBe(true);
    expect(a.ledger.entries().map(({ hash }) => hash)).toEqual(b.ledger.entries().map(({ hash }) => hash));
    expect(a.ledger.conflicts()).toEqual([expect.objectContaining({ model: 'loan', environment: 'production', text: expect.stringMatching(/Ana.*Ben|Ben.*Ana/) as string })]);
    a.ledger.append(move(2));
    expect(a.ledger.conflicts()).toEqual([]);
    expect(a.ledger.verify()).toMatchObject({ ok: true, entries: 4 });
  });

  test('a number that two gave to other bytes is named, until it is registered again', () => {
    const team = tempFolder();
    const [a, b] = [place(tempFolder(), `registry: {share: ${team}}`), place(tempFolder(), `registry: {share: ${team}}`)];
    const registered = (version: number, digest: string): Parameters<typeof move>[1] => ({ kind: 'registered', environment: null, version, facts: facts(digest) });
    a.ledger.append(move(1, registered(1, 'same')));
    b.ledger.append(move(1, registered(1, 'same')));
    a.ledger.append(move(2, registered(2, 'one')));
    b.ledger.append(move(2, { ...registered(2, 'other'), by: ben }));
    a.ledger.refresh();
    b.ledger.refresh();
    expect(a.ledger.verify().conflicts).toEqual([expect.objectContaining({ model: 'loan', environment: '', text: expect.stringContaining('version 2 of loan') as string, hint: expect.stringContaining('register') as string })]);
    b.ledger.append(move(3, registered(3, b.ledger.conflicts()[0]?.second.by.name === 'Ben' ? 'other' : 'one')));
    a.ledger.refresh();
    expect([a.ledger.conflicts(), b.ledger.conflicts()]).toEqual([[], []]);
  });

  test('a shared folder that was away, or fell behind, is filled in when it is there again', () => {
    const workspace = tempFolder();
    const team = path.join(workspace, 'team');
    writeFileSync(team, 'a file in the way');
    const at = place(workspace, 'registry: {share: team}');
    at.ledger.append(move(1));
    at.ledger.append(move(2));
    expect(at.warnings.filter((text) => text.includes("can't be shared"))).toHaveLength(1);
    rmSync(team);
    at.ledger.refresh();
    const shared = path.join(team, 'ledger', `${at.ledger.clone}.jsonl`);
    expect(readFileSync(shared, 'utf8')).toBe(readFileSync(at.file, 'utf8'));
    writeFileSync(shared, readFileSync(at.file, 'utf8').slice(0, -30));
    at.ledger.append(move(3));
    expect(readFileSync(shared, 'utf8')).toBe(readFileSync(at.file, 'utf8'));
    expect(existsSync(path.join(team, 'ledger', '.gitattributes'))).toBe(true);
  });

  test('an edited line of another clone is named with its file, and does not count', () => {
    const team = tempFolder();
    const [a, b] = [place(tempFolder(), `registry: {share: ${team}}`), place(tempFolder(), `registry: {share: ${team}}`)];
    a.ledger.append(move(1));
    const file = path.join(team, 'ledger', `${a.ledger.clone}.jsonl`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"version":1', '"version":5'));
    b.ledger.refresh();
    expect(b.ledger.entries()).toEqual([]);
    expect(b.ledger.verify()).toMatchObject({ ok: false, faults: [{ clone: a.ledger.clone, line: 1, what: 'edited', message: expect.stringContaining(team) as string }] });
  });

  test('what the store can\'t take is known all the same, and said', () => {
    const team = tempFolder();
    const config = `registry: {share: ${team}}`;
    const [a, b] = [place(tempFolder(), config), place(tempFolder(), config)];
    const db = pickDriver().open({ file: path.join(b.workspace, '.runyard', 'runyard.db') });
    db.exec(`INSERT INTO ledger VALUES ('other', '${a.ledger.clone}', 0, 1, '{}')`);
    db.close();
    a.ledger.append(move(1));
    expect(b.ledger.refresh()).toBe(true);
    expect(versions(b)).toEqual([1]);
    expect(b.warnings.join()).toContain("can't be taken into the store");
    expect(b.ledger.verify().faults).toContainEqual(expect.objectContaining({ what: 'edited', clone: a.ledger.clone }));
  });

  test('files that are none of a chain are left alone', () => {
    const at = filled(1);
    mkdirSync(path.join(path.dirname(at.file), 'sub'));
    writeFileSync(path.join(path.dirname(at.file), 'notes.txt'), 'x');
    expect(at.ledger.refresh()).toBe(false);
    expect(at.ledger.verify()).toMatchObject({ ok: true, entries: 1 });
  });
});
