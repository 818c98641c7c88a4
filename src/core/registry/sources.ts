/**
 * Where a version may come from: never a place that its caller has not shown to be its own. Pure.
 * Source: mlflow.server.handlers (_validate_source_run, _validate_source_model), mlflow.store.artifact.host_policy (3.17).
 */
import { RunyardError } from '../base/errors';
import { parseModelAddress } from './rules';

/** What a caller says of a source; `root` is the address under which the named run's or logged model's files lie, undefined where there is none. */
export interface SourceClaim { source: string; run: string; model: string; root(kind: 'run' | 'model', id: string): string | undefined }

const bad = (message: string): RunyardError => new RunyardError('bad_input', message);
const notIn = (source: string, field: 'run_id' | 'model_id'): RunyardError =>
  bad(`Invalid model version source: '${source}'. The ${field} request parameter must identify the resource that contains the source.`);

/** Schemes that name a host: the engine talks to nobody but this machine. */
const HOSTS = new Set(['ftp', 'sftp', 'hdfs', 'viewfs', 'http', 'https', 'r2', 'b2', 'abfss']);
const PROMPT_SOURCES = ['dummy-source', 'prompt-template'];

interface Uri { scheme: string; host: string; path: string }

/** As Python's urlparse takes an address apart, which decides what its clients mean. A drive letter is no scheme. */
export function splitUri(uri: string): Uri {
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]+):)?([^]*)$/.exec(uri) ?? [];
  const plain = rest.replace(/[?#][^]*$/, '');
  const [, host = '', path = ''] = /^(?:\/\/([^/]*))?([^]*)$/.exec(plain) ?? [];
  return { scheme: scheme.toLowerCase(), host: host.toLowerCase(), path };
}

/** Undoes percent encoding until nothing is encoded any more. */
export function decodeAll(text: string): string {
  let before = '';
  let now = text;
  while (now !== before) {
    before = now;
    now = before.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => Buffer.from(encoded.replaceAll('%', ''), 'hex').toString('utf8'));
  }
  return now;
}

const parts = (uri: Uri): string[] => uri.path.split('/').filter(Boolean).map(decodeAll);

/** Whether an address lies at or under another, both taken as clients resolve them. */
export function isWithin(source: string, root: string): boolean {
  const [inner, outer] = [splitUri(source), splitUri(root)];
  const [path, above] = [parts(inner), parts(outer)];
  return inner.scheme === outer.scheme && inner.host === outer.host && above.length > 0 && above.every((part, i) => path[i] === part);
}

export function checkPromptSource(source: string): void {
  if (!PROMPT_SOURCES.includes(source)) throw bad(`Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`);
}

/** Throws bad_input where the address leads to another host. */
export function checkHost(source: string): void {
  const { scheme, host } = splitUri(source);
  if (HOSTS.has(scheme) || (scheme === 'mlflow-artifacts' && host !== '')) {
    throw bad(`'source' cannot use the '${scheme}' scheme: it addresses a host other than this server's own artifact storage, so the server would connect to the host named in the URI.`);
  }
}

/** Throws bad_input where the source isn't within what the caller names. */
export function checkSource(claim: SourceClaim): void {
  const { source, model } = claim;
  const uri = splitUri(source);
  const field = model === '' ? 'run_id' : 'model_id';
  if (uri.scheme === '' || uri.scheme === 'file' || /^[a-z]:/i.test(source)) {
    throw bad(`Invalid model version source: '${source}'. To use a local path as a model version source, the ${field} request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the ${field}.`);
  }
  checkRelative(source);
  if (uri.scheme === 'models') return checkModels(claim, uri.host);
  if (uri.scheme === 'runs') return checkRuns(claim, uri);
  if (uri.scheme !== 'mlflow-artifacts') return;
  const root = model === '' ? (claim.run === '' ? undefined : claim.root('run', claim.run)) : claim.root('model', model);
  if (root === undefined || !isWithin(source, root)) throw notIn(source, field);
}

function checkModels({ source, model }: SourceClaim, host: string): void {
  const address = parseModelAddress(source);
  if (host !== '' || !address) throw notIn(source, 'model_id');
  if ('model' in address && address.model !== model) throw notIn(source, 'model_id');
}

function checkRuns({ source, run, model }: SourceClaim, uri: Uri): void {
  if (model !== '') throw notIn(source, 'model_id');
  const named = uri.path.replace(/^\/+/, '').split('/')[0] ?? '';
  if (uri.host !== '' || run === '' || named !== run) throw notIn(source, 'run_id');
}

function checkRelative(source: string): void {
  const decoded = decodeAll(source.replaceAll('+', ' '));
  const path = splitUri(decoded).path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const steps = path.split('/');
  if (decoded.includes('\0') || decoded.split(/[/\\]/).includes('..') || (path !== '' && !path.startsWith('/')) || steps.slice(1).includes('.')) {
    throw bad(`Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.`);
  }
}
