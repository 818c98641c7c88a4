/** The selected run's facts as the sections of the "Run Details" tree. Pure. */
import type { ModelRow, RunDetail } from '../../protocol/model';
import type { Comment } from '../../protocol/registry';
import { formatAgo, formatBytes, formatDuration, formatNumber, formatTime, shorten } from '../base/format';
import { runSeconds, sourceText, stateLooks } from './state';

export interface Fact {
  label: string;
  value: string;
  /** the whole text, where value is cut or short for something */
  full?: string;
  icon?: string;
  /** what a click does: a metric opens its tooltip only, a file opens in the editor */
  open?: { file: string };
  /** names the metric that the fact is of */
  metric?: string;
}
export interface Section { key: string; label: string; icon: string; facts: Fact[]; open: boolean }

/** Sections without a fact are left out. `comments`: what people said of the run, oldest first. */
export function sectionsOf(run: RunDetail, now: number, comments: readonly Comment[] = []): Section[] {
  const sections: Section[] = [
    { key: 'overview', label: 'Overview', icon: 'info', open: true, facts: overview(run, now) },
    { key: 'comments', label: 'Comments', icon: 'comment-discussion', open: true, facts: comments.map((one) => commentFact(one, now)) },
    { key: 'metrics', label: 'Metrics', icon: 'graph-line', open: true, facts: metrics(run) },
    { key: 'params', label: 'Params', icon: 'symbol-parameter', open: true, facts: entries(run.params) },
    { key: 'tags', label: 'Tags', icon: 'tag', open: false, facts: entries(run.tags) },
    { key: 'datasets', label: 'Datasets', icon: 'database', open: false, facts: datasets(run) },
    { key: 'models', label: 'Models', icon: 'symbol-misc', open: false, facts: models(run) },
    { key: 'artifacts', label: 'Artifacts', icon: 'package', open: false, facts: artifacts(run) },
    { key: 'environment', label: 'Environment', icon: 'vm', open: false, facts: environment(run) },
    { key: 'packages', label: 'Packages', icon: 'library', open: false, facts: entries(run.environment.packages ?? {}) },
    { key: 'problems', label: 'Problems', icon: 'warning', open: true, facts: run.problems.map((one) => ({ label: `${one.file}:${one.line}`, value: one.text, icon: 'warning' })) },
  ];
  return sections.filter((section) => section.facts.length > 0);
}

function commentFact({ by, t, text }: Comment, now: number): Fact {
  const who = by.name || by.email;
  return { label: who, value: `${shorten(text.replace(/\s+/g, ' '), 100)} · ${formatAgo(t / 1000, now)}`, full: `${text}\n${formatTime(t / 1000)}`, icon: 'comment' };
}

function overview(run: RunDetail, now: number): Fact[] {
  const look = stateLooks[run.state];
  const seconds = runSeconds(run, now);
  const code = [run.branch ?? '', run.commit?.slice(0, 8) ?? '', run.dirty ? 'with uncommitted changes' : ''].filter(Boolean).join(' · ');
  const facts: (Fact | false)[] = [
    { label: 'State', value: [look.word, run.exitCode === null ? '' : `exit code ${run.exitCode}`, run.signal ?? ''].filter(Boolean).join(' · '), icon: look.icon },
    run.reason !== '' && { label: 'Reason', value: run.reason },
    { label: 'Experiment', value: run.experiment },
    run.notes !== '' && { label: 'Notes', value: shorten(run.notes.replace(/\s+/g, ' '), 100), full: run.notes },
    { label: run.started === null ? 'Queued' : 'Started', value: formatAgo(run.started ?? run.created, now), full: formatTime(run.started ?? run.created) },
    seconds !== null && { label: run.ended === null ? 'Running for' : 'Took', value: formatDuration(seconds) },
    { label: 'Source', value: sourceText(run), full: run.tags['mlflow.source.name'] ?? sourceText(run) },
    run.parent !== null && { label: 'Nested in', value: run.parent.slice(0, 8), full: run.parent },
    run.children.length > 0 && { label: 'Nested runs', value: String(run.children.length), full: run.children.join('\n') },
    run.argv.length > 0 && { label: 'Command', value: shorten(run.argv.join(' '), 100), full: run.argv.join(' ') },
    run.script !== null && { label: 'Script', value: run.script },
    run.cwd !== '.' && { label: 'Folder', value: run.cwd },
    code !== '' && { label: 'Commit', value: code, full: run.commit ?? code },
    { label: 'Run id', value: run.id.slice(0, 8), full: run.id },
  ];
  return facts.filter((fact): fact is Fact => fact !== false);
}

function metrics(run: RunDetail): Fact[] {
  return Object.entries(run.metrics).sort(([a], [b]) => a.localeCompare(b)).map(([key, one]) => ({
    label: key, metric: key,
    value: one.count > 1 ? `${formatNumber(one.value)}  (min ${formatNumber(one.min)}, max ${formatNumber(one.max)})` : formatNumber(one.value),
    full: String(one.value),
  }));
}

const entries = (record: Readonly<Record<string, string>>): Fact[] =>
  Object.entries(record).sort(([a], [b]) => a.localeCompare(b)).map(([label, value]) => ({ label, value: shorten(value, 100), full: value }));

function datasets(run: RunDetail): Fact[] {
  return run.datasets.map((one) => ({
    label: one.name,
    value: [one.role, one.rows === null ? '' : `${one.rows.toLocaleString('en-US')} rows`, one.schema ? `${one.schema.length} columns` : '', one.digest.slice(0, 12)].filter(Boolean).join(' · '),
    full: [one.path ?? '', one.digest].filter(Boolean).join('\n'),
    icon: 'database',
  }));
}

const MODEL_STATES: Readonly<Record<ModelRow['status'], string>> = { LOGGED_MODEL_STATUS_UNSPECIFIED: '', LOGGED_MODEL_PENDING: 'not whole yet', LOGGED_MODEL_READY: 'ready', LOGGED_MODEL_UPLOAD_FAILED: 'upload failed' };

function models(run: RunDetail): Fact[] {
  return run.models.map((one) => ({
    label: one.name, icon: one.io === 'output' ? 'symbol-misc' : 'arrow-small-right', full: `models:/${one.id}`,
    value: [one.io === 'output' ? 'made' : 'read', one.step === 0 ? '' : `step ${one.step}`, MODEL_STATES[one.status]].filter(Boolean).join(' · '),
  }));
}

function artifacts(run: RunDetail): Fact[] {
  const icons: Readonly<Record<string, string>> = { table: 'table', image: 'file-media', model: 'symbol-misc', patch: 'diff' };
  return run.artifacts.map((one) => ({
    label: one.path, value: formatBytes(one.size), full: `${one.path}\n${one.digest}`, icon: icons[one.kind] ?? 'file',
    open: { file: `artifacts/${one.path}` },
  }));
}

function environment(run: RunDetail): Fact[] {
  const env = run.environment;
  const known: [string, string | undefined][] = [
    ['Python', env.python], ['Interpreter', env.interpreter ?? run.interpreter ?? undefined], ['OS', env.os], ['Host', env.host],
    ['CPU', env.cpu === undefined ? undefined : `${env.cpu}${env.cpus ? ` (${env.cpus} cores)` : ''}`],
    ['Memory', env.memMb === undefined ? undefined : formatBytes(env.memMb * 1_048_576)], ['GPU', env.gpus?.join(', ') || undefined],
  ];
  return known.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value, full: value }]));
}
