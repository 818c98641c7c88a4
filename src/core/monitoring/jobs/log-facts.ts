/** What a window of a log holds, for the evaluator's process. */
import { createDatabase, name } from '../../evaluation/data/duckdb';
import type { Row, Session } from '../../evaluation/data/duckdb';
import type { JobTable, LogFacts } from '../../evaluation/process/jobs';
import type { LogColumns, LogPlace, LogWindow } from '../../domain/log-place';
import { keyOf } from '../feedback/keys';
import { openLabels } from '../feedback/labels';
import { asParquet, describe, gather, unionOf, type Gathered, type LogOptions } from '../log/gather';
import { instant, momentOf, withinWindow } from '../log/moment';
import { columnsIn } from '../log/place';

const NOTHING: LogFacts = { rows: 0, from: null, to: null, versions: [], latency: null, rules: [], labelled: 0, files: 0, future: 0, unreadable: [] };

/** `rows` are those of the window's roles (live and canary unless said), `versions` count every role. `labelled`: by the log's own column of labels, and by feedback. */
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
      return { ...await ask(session, { log, window, files, options }), unreadable: found.unreadable, files: found.parquet.length + found.other.length };
    }, signal);
  } finally {
    database.close();
  }
};

async function parquetOf(log: LogPlace, { parquet, other }: Gathered, options: LogOptions): Promise<string[]> {
  if (log.kind === 'serving' || other.length === 0) return parquet.map(({ file }) => file);
  const { time, version, label, keys } = log.columns;
  const made = await asParquet(log, [time, version, label, ...keys].filter((column) => column !== null), options);
  return made === null ? [] : [made];
}

interface Asking { log: LogPlace; window: LogWindow; files: readonly string[]; options: LogOptions }

async function ask(session: Session, { log, window, files, options }: Asking): Promise<Omit<LogFacts, 'files' | 'unreadable'>> {
  const source = unionOf(files);
  const described = await describe(session, source);
  const columns = columnsIn(log, [...described.keys()]);
  const moment = momentOf(columns.time, described.get(columns.time) ?? '');
  const version = columns.version === null ? 'NULL::BIGINT' : `TRY_CAST(${name(columns.version)} AS BIGINT)`;
  const role = columns.role === null ? "'live'" : `coalesce(CAST(${name(columns.role)} AS VARCHAR), 'live')`;
  const inside = `${withinWindow('t', window)}${window.version === undefined ? '' : ` AND version = ${window.version}`}`;
  const answered = `${inside} AND role IN (${(window.roles ?? ['live', 'canary']).map((one) => `'${one}'`).join(', ') || 'NULL'})`;
  await session.run(`CREATE TEMP TABLE facts AS SELECT * FROM (SELECT ${moment} AS t, ${version} AS version, ${role} AS role, ${measured(columns)} FROM ${source})
    WHERE ${inside} OR t > ${instant(Date.now())}`);
  const [totals = {}] = await session.rows(`SELECT count(*) FILTER (${answered}) AS rows, epoch_ms(min(t) FILTER (${answered})) AS first, epoch_ms(max(t) FILTER (${answered})) AS last,
    quantile_cont(latency, 0.95) FILTER (${answered} AND latency IS NOT NULL AND NOT isnan(latency)) AS latency, count(label) FILTER (${answered}) AS labelled, count(*) FILTER (t > ${instant(Date.now())}) AS future FROM facts`);
  const versions = await session.rows(`SELECT version, role, count(*) AS rows FROM facts WHERE ${inside} AND version IS NOT NULL GROUP BY ALL ORDER BY version, role`);
  const rules = await session.rows(`SELECT rule, count(*) AS rows FROM (SELECT DISTINCT rowid, trim(unnest(string_split(rules, ', '))) AS rule FROM facts WHERE ${answered} AND rules <> '') WHERE rule <> '' GROUP BY rule ORDER BY rows DESC, rule`);
  const labelled = await withFeedback(session, { log, columns, answered, options });
  return {
    ...totalsOf(totals), ...(labelled !== null && { labelled }), versions: versions.map((row) => ({ version: Number(row['version']), rows: Number(row['rows']), role: String(row['role']) })),
    rules: rules.map((row) => ({ rule: String(row['rule']), rows: Number(row['rows']) })),
  };
}

const measured = (columns: LogColumns): string => [
  `${columns.latency === null ? 'NULL::DOUBLE' : `TRY_CAST(${name(columns.latency)} AS DOUBLE)`} AS latency`, `${columns.rules === null ? 'NULL::VARCHAR' : `CAST(${name(columns.rules)} AS VARCHAR)`} AS rules`, `${columns.label === null ? 'NULL' : `CAST(${name(columns.label)} AS VARCHAR)`} AS label`,
  ...columns.keys.map((key, at) => `CAST(${name(key)} AS VARCHAR) AS k${at}`), `${columns.row === null ? '0' : `coalesce(TRY_CAST(${name(columns.row)} AS INTEGER), 0)`} AS place`,
].join(', ');

interface Labelled { log: LogPlace; columns: LogColumns; answered: string; options: LogOptions }

/** Rows of which the log's own column or somebody since says what is right; null where nobody said anything since. */
async function withFeedback(session: Session, { log, columns, answered, options }: Labelled): Promise<number | null> {
  const labels = await openLabels(log.labels, options);
  if (labels.size === 0 || columns.keys.length === 0) return null;
  const keys = columns.keys.map((_, at) => `k${at}`);
  let count = 0;
  for await (const chunk of session.stream(`SELECT ${keys.join(', ')}, place, label IS NOT NULL AS own FROM facts WHERE ${answered}`)) {
    const rows = chunk.getRows();
    const named = rows.map((row) => (row.slice(0, keys.length).includes(null) ? null : keyOf(row.slice(0, keys.length).map(String))));
    const said = labels.labelsFor(named, rows.map((row) => Number(row[keys.length])));
    rows.forEach((row, at) => { if (row[keys.length + 1] === true || said[at] !== null) count += 1; });
  }
  return count;
}

function totalsOf(totals: Row): Pick<LogFacts, 'rows' | 'from' | 'to' | 'latency' | 'labelled' | 'future'> {
  const number = (key: string): number | null => (totals[key] == null ? null : Number(totals[key]));
  return { rows: number('rows') ?? 0, from: number('first'), to: number('last'), latency: number('latency'), labelled: number('labelled') ?? 0, future: number('future') ?? 0 };
}
