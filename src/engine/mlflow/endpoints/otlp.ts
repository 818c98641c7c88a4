/** OpenTelemetry's door: spans as its exporters send them. Answers as MLflow's does, which is FastAPI here. Source: mlflow.server.otel_api. */
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { inflate, inflateRaw } from 'node:zlib';
import { readBody } from '../body';
import type { MlflowContext } from '../context';
import { MlflowError } from '../errors';
import { ANSWERED, rawRoute, type Call, type Route } from '../router';
import { takeSpans } from '../traces/ingest';
import { readOtlp } from '../traces/otlp';
import { findTrace } from '../traces/records';
import { fromOtlp } from '../traces/spans';
import { heard } from './traces';

const LIMIT = 64 * 2 ** 20;
const unzip = [promisify(inflate), promisify(inflateRaw)];
const MEDIA = { 'application/x-protobuf': 'protobuf', 'application/json': 'json' } as const;

/** A refusal in FastAPI's words. */
class Refusal extends Error {
  constructor(readonly status: number, readonly detail: unknown) { super('refused'); }
}

export const otlpRoutes = (context: MlflowContext): Route[] => [rawRoute('POST /v1/traces', async (call) => {
  try {
    await take(context, call);
    call.response.writeHead(200, { 'Content-Type': 'application/x-protobuf', 'Content-Length': 0 }).end();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(call.response, error);
  }
  return ANSWERED;
})];

function refuse(response: ServerResponse, { status, detail }: Refusal): void {
  const body = Buffer.from(JSON.stringify({ detail }));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
}

async function take(context: MlflowContext, call: Call): Promise<void> {
  const { headers } = call.request;
  const experiment = headerOf(headers['x-mlflow-experiment-id']);
  // The body is read first: an answer to half a request is an error of the connection to its client.
  const raw = await body(call);
  if (experiment === undefined) throw new Refusal(422, [{ type: 'missing', loc: ['header', 'x-mlflow-experiment-id'], msg: 'Field required', input: null }]);
  const type = headers['content-type'];
  const media = (type ?? '').split(';')[0]?.trim() ?? '';
  if (!Object.hasOwn(MEDIA, media)) throw new Refusal(400, `Invalid Content-Type: ${type ?? 'None'}. Expected: application/x-protobuf or application/json`);
  const resources = readOtlp(raw, MEDIA[media as keyof typeof MEDIA]);
  if (!resources) throw new Refusal(400, 'Invalid OpenTelemetry format');
  if (resources.length === 0) throw new Refusal(400, 'Invalid OpenTelemetry format - no spans found');
  const spans = resources.flatMap(({ attributes, spans: all }) => all.map((span) => {
    const received = fromOtlp(span, attributes);
    if (!received) throw new Refusal(422, 'Cannot convert OpenTelemetry span to MLflow span');
    return received;
  }));
  if (spans.length === 0) return;
  const traces = takeSpans(context, { experiment, spans, linked: headerOf(headers['x-mlflow-run-id']) ?? null, within: call.run });
  heard(context, call, traces.flatMap((id) => findTrace(context.store, id) ?? []));
}

const headerOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value) || undefined;

/** The whole body, unpacked. readBody knows gzip; deflate, with and without its header, is seen to here. */
async function body({ request }: Call): Promise<Buffer> {
  const coding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (coding === 'deflate') delete request.headers['content-encoding'];
  try {
    const raw = await readBody(request, LIMIT);
    return coding === 'deflate' ? await deflated(raw) : raw;
  } catch (error) {
    if (!(error instanceof MlflowError) || error.code !== 'INVALID_PARAMETER_VALUE') throw error;
    throw new Refusal(400, ['', 'identity', 'gzip'].includes(coding) ? `Failed to decompress ${coding} payload` : `Unsupported Content-Encoding: ${coding}`);
  }
}

async function deflated(raw: Buffer): Promise<Buffer> {
  for (const one of unzip) {
    try {
      return await one(raw, { maxOutputLength: LIMIT });
    } catch (error) {
      if (error instanceof RangeError) throw new MlflowError('REQUEST_LIMIT_EXCEEDED', `The request's body is larger than ${LIMIT} bytes`);
    }
  }
  throw new Refusal(400, 'Failed to decompress deflate payload');
}
