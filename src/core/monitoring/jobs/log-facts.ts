/** What a window of a log holds, for the evaluator's process. */
import { createDatabase, name } from '../../evaluation/data/duckdb';
import type { Row, Session } from '../../evaluation/data/duckdb';
import type { JobTable, LogFacts } from '../../evaluation/process/jobs';
import type { LogColumns, LogPlace, LogWindow } from '../../domain/log-place';
import { asParquet, describe, gather, unionOf, type Gathered, type LogOptions } from '../log/gather';
import { instant, momentOf, withinWindow } from '../log/moment';
import { columnsIn } from '../log/place';

const NOTHING: LogFacts = { rows: 0, from: null, to: null, versions: [], latency: null, rules: [], labelled: 0, files: 0, future: 0, unreadable: [] };

/** `rows` are those of the window's roles (live and canary unless said), `versions` count every role. `labelled`: by the log's own column of labels. */
export const logFacts: JobTable['logFacts'] = async ({ workspace, temp, memory, log, window }, { signal }) => {
  const options: LogOptions = { workspace, temp, signal };
  const database = await createDatabase({ temp, memory });
  try {
    return await database.use(async (session) => {
      await session.run("SET GLOBAL TimeZone = 'UTC'");
      const found = await gather(session, log, window, { ...options, later: true });
      if (found === null) return NOTHING;
      const files = await parquetOf(log, found, options);
      if (files.length === 0) return { ...NOTHING, unreadable: found.unreadable };
      return { ...await ask(session, { log, window, files }), unreadable: found.unreadable, files: found.parquet.length + found.other.length };
    }, signal);
  } finally {
    database.close();
  }
};

async function parquetOf(log: LogPlace, { parquet, other }: Gathered, options: LogOptions): Promise<string[]> {
  if (log.kind === 'serving' || other.length === 0) return parquet.map(({ file }) => file);
  const { time, version, label } = log.columns;
  const made = await asParquet(log, [time, version, label].filter((column) => column !== null), options);
  return made === null ? [] : [made];
}

interface Asking { log: LogPlace; window: LogWindow; files: readonly string[] }

async function ask(session: Session, { log, window, files }: Asking): Promise<Omit<LogFacts, 'files' | 'unreadable'>> {
  const source = unionOf(files);
  const described = await describe(session, source);
  const columns = columnsIn(log, [...described.keys()]);
  const moment = momentOf(columns.time, described.get(columns.time) ?? '');
  const version = columns.version === null ? 'NULL::BIGINT' : `TRY_CAST(${name(columns.version)} AS BIGINT)`;
  const role = columns.role === null ? "'live'" : `coalesce(CAST(${name(columns.role)} AS VARCHAR), 'live')`;
  const inside = `${withinWindow('t', window)}${window.version === undefined ? '' : ` AND version = ${window.version}`}`;
  const answered = `${inside} AND role IN (${(window.roles ?? ['live', 'canary']).map((one) => `'${one}'`).join(', ') || 'NULL'})`;
  await session.run(`CREATE TEMP TABLE facts AS SELECT t, version, role, latency, rules, label FROM (SELECT ${moment} AS t, ${version} AS version, ${role} AS role, ${measured(columns)} FROM ${source})
    WHERE ${inside} OR t > ${instant(Date.now())}`);
  const [totals = {}] = await session.rows(`SELECT count(*) FILTER (${answered}) AS rows, epoch_ms(min(t) FILTER (${answered})) AS first, epoch_ms(max(t) FILTER (${answered})) AS last,
    quantile_cont(latency, 0.95) FILTER (${answered} AND latency IS NOT NULL AND NOT isnan(latency)) AS latency, count(label) FILTER (${answered}) AS labelled, count(*) FILTER (t > ${instant(Date.now())}) AS future FROM facts`);
  const versions = await session.rows(`SELECT version, role, count(*) AS rows FROM facts WHERE ${inside} AND version IS NOT NULL GROUP BY ALL ORDER BY version, role`);
  const rules = await session.rows(`SELECT rule, count(*) AS rows FROM (SELECT DISTINCT rowid, trim(unnest(string_split(rules, ', '))) AS rule FROM facts WHERE ${answered} AND rules <> '') WHERE rule <> '' GROUP BY rule ORDER BY rows DESC, rule`);
  return {
    ...totalsOf(totals), versions: versions.map((row) => ({ version: Number(row['version']), rows: Number(row['rows']), role: String(row['role']) })),
    rules: rules.map((row) => ({ rule: String(row['rule']), rows: Number(row['rows']) })),
  };
}

const measured = ({ latency, rules, label }: LogColumns): string => [
  `${latency === null ? 'NULL::DOUBLE' : `TRY_CAST(${name(latency)} AS DOUBLE)`} AS latency`, `${rules === null ? 'NULL::VARCHAR' : `CAST(${name(rules)} AS VARCHAR)`} AS rules`, `${label === null ? 'NULL' : `CAST(${name(label)} AS VARCHAR)`} AS label`,
].join(', ');

function totalsOf(totals: Row): Pick<LogFacts, 'rows' | 'from' | 'to' | 'latency' | 'labelled' | 'future'> {
  const number = (key: string): number | null => (totals[key] == null ? null : Number(totals[key]));
  return { rows: number('rows') ?? 0, from: number('first'), to: number('last'), latency: number('latency'), labelled: number('labelled') ?? 0, future: number('future') ?? 0 };
}
