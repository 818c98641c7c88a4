/** What a retraining trains on and what it is judged by: labelled rows of a log, the freshest kept apart. */
import type { JobTable } from '../../evaluation/process/jobs';
import { digestOf } from '../log/pick';
import { firstAt, readLabelled, writeLabelled } from '../retrain/labelled';

/** The holdout is counted back from the newest labelled row: labels come late. Where there are fewer rows than `least` nothing is written, and the digest is ''. */
export const retrainingRows: JobTable['retrainingRows'] = async (params, { signal, progress }) => {
  const { workspace, temp, memory, log, window, label, holdout, files, least } = params;
  const place = { workspace, temp, signal, ...(memory !== undefined && { memory }) };
  progress('reading the log', 0, 0);
  const rows = await readLabelled({ log, window, label }, place);
  const count = rows.times.length;
  const last = rows.times[count - 1];
  if (last === undefined) return { train: 0, holdout: 0, split: null, to: null, unlabelled: rows.unlabelled, digest: '' };
  const split = last + 1 - holdout * 1000;
  const at = firstAt(rows.times, split);
  const found = { train: at, holdout: count - at, split, to: last + 1, unlabelled: rows.unlabelled };
  if (at < least.train || count - at < least.holdout) return { ...found, digest: '' };
  progress('writing rows', 0, 2);
  await writeLabelled(files.train, rows, { from: 0, to: at, label });
  progress('writing rows', 1, 2);
  await writeLabelled(files.holdout, rows, { from: at, to: count, label });
  return { ...found, digest: await digestOf(files.train, place) };
};
