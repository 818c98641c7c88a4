/**
 * Writes journals. Whoever appends hears when the lines are with the operating system: all that is there then is written by one write(2), so that ending the process loses
 * nothing that was answered. A journal is of one UTC day and one set of columns.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, ftruncate, mkdirSync, openSync, write, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describeError, RunyardError, systemCode } from '../../base/errors';
import { dayOf } from '../../monitoring/log/files';
import { journalFile, type JournalHeader } from '../../monitoring/log/journal';
import { startTimeOf } from '../../tracking/process';
import type { LineForm } from './lines';

export type Writing = Pick<JournalHeader, 'pid' | 'startTime' | 'host'>;
export interface JournalWriter {
  readonly own: Writing;
  /** rows that were written since the server began */
  readonly rows: number;
  /** Resolves when they are written. Throws disk_full or internal where they can't be: nothing of them is then in the journal. */
  append(form: Pick<LineForm, 'id' | 'columns'>, time: number, lines: readonly string[]): Promise<void>;
  /** Journals that nobody writes to any more, by their ids; `all`: those that are open too, or that have this many rows, or are this old. */
  roll(which: { all: true } | { rows: number; ms: number }): Promise<string[]>;
  /** of those that were rolled: they are settled */
  forget(ids: readonly string[]): void;
}

interface Waiting { text: string; rows: number; done(): void; failed(error: Error): void }
interface Journal { id: string; fd: number; began: number; rows: number; length: number; queue: Waiting[]; writing: Promise<void> | null; broken: boolean }

const writing = promisify(write) as (fd: number, buffer: Buffer, offset: number, length: number) => Promise<{ bytesWritten: number }>;
const cut = promisify(ftruncate);

export function createWriter(folder: string): JournalWriter {
  const own: Writing = { pid: process.pid, startTime: startTimeOf(process.pid), host: os.hostname() };
  const journals = new Map<string, Journal>();
  const closed = new Set<string>();
  let written = 0;

  function begin(day: string, columns: LineForm['columns']): Journal {
    mkdirSync(path.join(folder, 'open'), { recursive: true });
    const id = `${Date.now().toString(36)}-${process.pid}-${randomBytes(4).toString('hex')}`;
    const header: JournalHeader = { runyard: 'serving-journal', format: 1, id, day, ...own, columns };
    const fd = openSync(journalFile(folder, id), 'ax', 0o600);
    const text = Buffer.from(`${JSON.stringify(header)}\n`);
    writeSync(fd, text);
    return { id, fd, began: Date.now(), rows: 0, length: text.length, queue: [], writing: null, broken: false };
  }

  async function drain(journal: Journal): Promise<void> {
    while (journal.queue.length > 0) {
      const items = journal.queue.splice(0);
      try {
        await put(journal, Buffer.from(items.map(({ text }) => text).join('')));
        for (const { rows } of items) [journal.rows, written] = [journal.rows + rows, written + rows];
        for (const { done } of items) done();
      } catch (error) {
        for (const { failed } of items) failed(unwritable(folder, error));
      }
    }
    journal.writing = null;
  }

  /** All of it or nothing: what a full disk took of it is cut off again. */
  async function put(journal: Journal, buffer: Buffer): Promise<void> {
    try {
      for (let at = 0; at < buffer.length;) at += (await writing(journal.fd, buffer, at, buffer.length - at)).bytesWritten;
      journal.length += buffer.length;
    } catch (error) {
      // where even that fails its last line may be half: no more is written to it
      await cut(journal.fd, journal.length).catch(() => { journal.broken = true; });
      throw error;
    }
  }

  return {
    own,
    get rows() { return written; },
    append: (form, time, lines) => new Promise<void>((resolve, reject) => {
      try {
        const day = dayOf(time);
        const key = `${day} ${form.id}`;
        let journal = journals.get(key);
        if (journal?.broken) {
          journals.delete(key);
          closeSync(journal.fd);
          closed.add(journal.id);
          journal = undefined;
        }
        if (!journal) journals.set(key, journal = begin(day, form.columns));
        journal.queue.push({ text: lines.join(''), rows: lines.length, done: resolve, failed: reject });
        journal.writing ??= drain(journal);
      } catch (error) {
        reject(unwritable(folder, error));
      }
    }),
    async roll(which) {
      for (const [key, journal] of [...journals]) {
        const over = 'all' in which || journal.rows >= which.rows || Date.now() - journal.began >= which.ms || !key.startsWith(dayOf(Date.now()));
        if (!over) continue;
        journals.delete(key);
        await journal.writing;
        closeSync(journal.fd);
        closed.add(journal.id);
      }
      return [...closed];
    },
    forget: (ids) => ids.forEach((id) => closed.delete(id)),
  };
}

function unwritable(folder: string, error: unknown): RunyardError {
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemCode(error));
  return new RunyardError(full ? 'disk_full' : 'internal', `the serving log in ${folder} can't be written: ${describeError(error)}`, full ? 'free some space: nothing is answered that can not be logged' : 'make the folder writable: nothing is answered that can not be logged', { cause: error });
}
