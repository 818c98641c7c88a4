import type { RunRow } from '../../protocol/model';
import { EXIT, type Command, type Invocation } from '../command';
import { ago, duration, figure, stateText, table, type Column } from '../format';

interface Shown extends Column { cell(row: RunRow): string }

export const runs: Command = {
  name: 'runs',
  usage: '[OPTIONS]',
  summary: 'list runs',
  more: "EXPR is MLflow's search grammar: metrics.acc > 0.9 and params.lr = '0.1' and attributes.status = 'finished'.",
  example: `runyard runs --filter "metrics.val_auc > 0.7" --order-by "metrics.val_auc DESC" --limit 10`,
  options: {
    experiment: { short: 'e', value: 'NAME', many: true, help: 'only runs of it' },
    filter: { value: 'EXPR', help: 'only runs that it is true of' },
    'order-by': { value: 'KEY', many: true, help: 'metrics.KEY, params.KEY or attributes.KEY, with ASC or DESC (default: newest first)' },
    limit: { value: 'N', help: 'at most so many (default: 20)' },
    offset: { value: 'N', help: 'after the first N' },
    columns: { value: 'A,B,...', help: 'which columns: id, name, experiment, state, started, duration, metrics.KEY, params.KEY, tags.KEY' },
    trash: { help: 'those in the trash' },
  },
  words: { least: 0, most: 0, what: '' },
  async run(call) {
    const client = await call.engine();
    const columns = call.text('columns')?.split(',').map((name) => name.trim()).filter(Boolean);
    const limit = call.whole('limit', { least: 1, otherwise: 20 });
    const offset = call.whole('offset', { least: 0, otherwise: 0 });
    const experiments = call.texts('experiment');
    const found = await client.request('runs.search', {
      experiments: experiments.length > 0 ? experiments : undefined, filter: call.text('filter') ?? '', orderBy: call.texts('order-by'), limit, offset,
      view: call.flag('trash') ? 'trashed' : 'active',
    });
    const { mainMetric } = call.json ? { mainMetric: null } : await client.request('config.get');
    call.answer(found, () => writeTable(call, found, columns ?? defaultColumns(found.rows, mainMetric)));
    return EXIT.done;
  },
};

function writeTable(call: Invocation, { rows, total }: { rows: RunRow[]; total: number }, names: readonly string[]): void {
  const { out, err } = call.io;
  if (rows.length === 0) return err.line(total > 0 ? `No runs here: there are ${total}.` : 'No runs.');
  const columns = names.map((name) => columnNamed(name, call));
  out.write(table(columns, rows.map((row) => columns.map((column) => column.cell(row))), out));
  if (total > rows.length) err.line(`${rows.length} of ${total} runs: --limit and --offset show others`);
}

/** Metrics and params that fit: the main metric first, then at most three others, then params that aren't the same everywhere. */
function defaultColumns(rows: readonly RunRow[], main: string | null): string[] {
  const keys = (of: (row: RunRow) => object): string[] => [...new Set(rows.flatMap((row) => Object.keys(of(row))))];
  const metrics = keys((row) => row.metrics).sort((a, b) => Number(b === main) - Number(a === main)).slice(0, 4);
  const params = keys((row) => row.params).filter((key) => new Set(rows.map((row) => row.params[key])).size > 1).slice(0, 4);
  return ['id', 'name', 'experiment', 'state', 'started', 'duration', ...metrics.map((key) => `metrics.${key}`), ...params.map((key) => `params.${key}`)];
}

function columnNamed(name: string, { io }: Invocation): Shown {
  const now = Date.now() / 1000;
  const [kind, key] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)];
  if (kind === 'metrics') return { title: key, right: true, cell: (row) => figure(row.metrics[key]?.value) };
  if (kind === 'params') return { title: key, right: true, cell: (row) => row.params[key] ?? '' };
  if (kind === 'tags') return { title: key, cell: (row) => row.tags[key] ?? '' };
  switch (name) {
    case 'id': return { title: name, cell: (row) => row.id.slice(0, 8) };
    case 'state': return { title: name, cell: (row) => stateText(io.out, row.state) };
    case 'started': return { title: name, right: true, cell: (row) => (row.started === null ? '' : ago(now - row.started)) };
    case 'duration': return { title: name, right: true, cell: (row) => (row.started === null ? '' : duration((row.ended ?? now) - row.started)) };
    default: return { title: name, cell: (row) => attribute(row, name) };
  }
}

function attribute(row: RunRow, name: string): string {
  const value = new Map<string, unknown>(Object.entries(row)).get(name);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
