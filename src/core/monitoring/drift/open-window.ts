/** Two sides as they are asked for: data sets, or windows of a log; opened, or told to be empty. */
import { RunyardError } from '../../base/errors';
import { hasNoRows } from '../../evaluation/data/no-rows';
import { openData } from '../../evaluation/data/open';
import type { Data, OpenOptions } from '../../evaluation/data/types';
import type { Place, Sides } from '../../evaluation/process/jobs';
import type { LogColumns, LogPlace, LogWindow, ReferencePlace } from '../../domain/log-place';
import type { DriftSide } from '../../../protocol/drift';
import type { DataSpec } from '../../../protocol/evaluation/request';
import { resolveLog } from '../log/open';
import { shownOf, SIDE_MEMORY } from './compare';
import { aboutTheLog } from './logged';
import { openTwo } from './open-two';

export interface OpenedWindow extends AsyncDisposable { data: Data; shown: DriftSide; columns: LogColumns }
/** Why there is no row. */
export interface Empty extends AsyncDisposable { empty: string }
const empty = (why: string): Empty => ({ empty: why, [Symbol.asyncDispose]: () => Promise.resolve() });

export async function openWindow(log: LogPlace, window: LogWindow, { workspace, temp, memory }: Place, signal: AbortSignal): Promise<OpenedWindow | Empty> {
  const resolved = await resolveLog(log, window, { workspace, temp, signal });
  if (!resolved) return empty(`there is no file of ${textOf(window)}`);
  return await orEmpty(resolved.data, { workspace, temp, signal, memory: memory ?? SIDE_MEMORY }, (data) => ({
    data, columns: resolved.columns, shown: { ...shownOf(data), files: windowSpec(log, window).files }, [Symbol.asyncDispose]: () => data[Symbol.asyncDispose](),
  }));
}

export const openFiles = (spec: DataSpec, columns: LogColumns, { workspace, temp, memory }: Place, signal: AbortSignal): Promise<OpenedWindow | Empty> =>
  orEmpty(spec, { workspace, temp, signal, memory: memory ?? SIDE_MEMORY }, (data) => ({ data, columns, shown: shownOf(data), [Symbol.asyncDispose]: () => data[Symbol.asyncDispose]() }));

async function orEmpty<T>(spec: DataSpec, options: OpenOptions, made: (data: Data) => T): Promise<T | Empty> {
  try {
    return made(await openData(spec, options));
  } catch (error) {
    if (hasNoRows(error)) return empty(`${error.message}: ${error.hint}`);
    throw error;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
const textOf = ({ from, to }: LogWindow): string => `the time${from === null ? '' : ` from ${iso(from)}`}${to === null ? '' : ` to ${iso(to)}`}`;
export const specOf = (wanted: ReferencePlace, log: LogPlace): DataSpec => ('data' in wanted ? wanted.data : windowSpec(log, wanted.window));

/** Where the rows are, for whoever asks for more of them later: without what a running server hasn't settled yet. */
export function windowSpec(log: LogPlace, { from, to, weekdays, hours, version, roles = ['live', 'canary'] }: LogWindow): DataSpec {
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const data: DataSpec = log.kind === 'files' ? log.data : { files: [`${log.folder}/date=*/*.parquet`], format: 'parquet', types: {}, union: true };
  const { time, role, version: versions } = log.columns;
  const conditions = [
    ...(data.where === undefined ? [] : [`(${data.where})`]), ...(log.kind === 'serving' && role !== null ? [`${quoted(role)} IN (${roles.map((one) => `'${one}'`).join(', ')})`] : []),
    ...(version === undefined || versions === null ? [] : [`${quoted(versions)} = ${version}`]),
  ];
  return {
    ...data, ...(conditions.length > 0 && { where: conditions.join(' AND ') }),
    window: { column: time, ...(from !== null && { from: iso(from) }), ...(to !== null && { to: iso(to) }), ...(weekdays && weekdays.length > 0 && { weekdays }), ...(hours && hours.length > 0 && { hours }) },
  };
}

/** `keys`: columns of the current side that name a row, where it is a log. */
export interface BothOpen extends AsyncDisposable { reference: Data; current: Data; /** of the log: columns that aren't about the request's contents */ aside(name: string): boolean; keys: string[] }

/** Throws bad_input where a side has no rows. */
export async function openSides(sides: Sides, place: Place, signal: AbortSignal): Promise<BothOpen> {
  const { workspace, temp, memory } = place;
  const options = { workspace, temp, signal, memory: memory ?? SIDE_MEMORY };
  if (!('log' in sides)) {
    const { one: reference, other: current, [Symbol.asyncDispose]: close } = await openTwo(openData(sides.reference, options), openData(sides.current, options));
    return { reference, current, aside: () => false, keys: [], [Symbol.asyncDispose]: close };
  }
  const { log, window, reference: wanted } = sides;
  const { one: current, other: reference, [Symbol.asyncDispose]: close } = await openTwo(
    openWindow(log, window, place, signal).then((side) => mustHaveRows(side, '')),
    ('data' in wanted ? openFiles(wanted.data, log.columns, place, signal) : openWindow(log, wanted.window, place, signal)).then((side) => mustHaveRows(side, 'the reference: ')),
  );
  const { time, keys, row } = current.columns;
  const named = [...keys, ...(row === null ? [] : [row]), time].filter((name) => current.data.columns.some((column) => column.name === name));
  return { reference: reference.data, current: current.data, aside: aboutTheLog(current.columns, log.kind === 'serving'), keys: named, [Symbol.asyncDispose]: close };
}

function mustHaveRows(side: OpenedWindow | Empty, which: string): OpenedWindow {
  if ('empty' in side) throw new RunyardError('bad_input', `${which}${side.empty}`, 'choose another window');
  return side;
}
