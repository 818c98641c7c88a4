/** What serving logs there are, for the evaluator's process. */
import { createDatabase } from '../../evaluation/data/duckdb';
import type { Row, Session } from '../../evaluation/data/duckdb';
import type { JobTable } from '../../evaluation/process/jobs';
import type { LogPlace } from '../../domain/log-place';
import type { ServingLog } from '../../../protocol/monitoring';
import { describe, gather, unionOf, type LogOptions } from '../log/gather';
import { momentOf } from '../log/moment';
import { columnsIn, logPlaceOf } from '../log/place';

/** Rows that were answered with (live, canary), by the UTC day of their time. A log without a file that can be read has none. */
export const servingLogs: JobTable['servingLogs'] = async ({ workspace, temp, memory, models }, { signal }) => {
  const database = await createDatabase({ temp, memory });
  try {
    return await database.use(async (session) => {
      await session.run("SET GLOBAL TimeZone = 'UTC'");
      const logs: ServingLog[] = [];
      for (const model of models) logs.push(await one(session, logPlaceOf(workspace, { model }) as LogPlace & { kind: 'serving' }, { workspace, temp, signal }));
      return { logs };
    }, signal);
  } finally {
    database.close();
  }
};

async function one(session: Session, place: LogPlace & { kind: 'serving' }, options: LogOptions): Promise<ServingLog> {
  const found = await gather(session, place, { from: null, to: null }, options);
  const nothing: ServingLog = { model: place.model ?? '', folder: place.folder, days: [], rows: 0, from: null, to: null, versions: [] };
  if (found === null || found.parquet.length === 0) return nothing;
  const source = unionOf(found.parquet.map(({ file }) => file));
  const described = await describe(session, source);
  const { time, role, version } = columnsIn(place, [...described.keys()]);
  const rows = `(SELECT ${momentOf(time, described.get(time) ?? '')} AS t, ${version === null ? 'NULL::BIGINT' : `TRY_CAST(${version} AS BIGINT)`} AS version, filename FROM ${source.replace(/\)$/, ', filename = true)')} WHERE ${role === null ? 'true' : `coalesce(${role}, 'live') IN ('live', 'canary')`})`;
  const days = await session.rows(`SELECT strftime(t, '%Y-%m-%d') AS day, count(*) AS rows, count(DISTINCT filename) AS files, epoch_ms(min(t)) AS first, epoch_ms(max(t)) AS last FROM ${rows} WHERE t IS NOT NULL GROUP BY day ORDER BY day`);
  const versions = await session.rows(`SELECT DISTINCT version FROM ${rows} WHERE version IS NOT NULL ORDER BY version`);
  const number = (row: Row | undefined, key: string): number | null => (row?.[key] == null ? null : Number(row[key]));
  return {
    ...nothing, days: days.map((row) => ({ day: String(row['day']), rows: Number(row['rows']), files: Number(row['files']) })), rows: days.reduce((sum, row) => sum + Number(row['rows']), 0),
    from: number(days[0], 'first'), to: number(days.at(-1), 'last'), versions: versions.map((row) => Number(row['version'])),
  };
}
