// Open-loop load on a scoring server, in a process of its own: requests leave at their times whether or not the ones before were answered, and latency counts from the time at
// which one should have left. node serving-load.mjs '{"address", "rate", "seconds", "bodies": [...], "check": bool, "ids": bool}'; prints one JSON document.
import { Agent, request } from 'node:http';
import { readFileSync } from 'node:fs';

/** @type {{ address: string, rate: number, seconds: number, bodies: { text: string, base: number }[], check?: boolean, ids?: boolean }} */
const asked = JSON.parse(process.argv[2] === '-' ? readFileSync(0, 'utf8') : (process.argv[2] ?? ''));
const { address, rate, seconds, bodies, check = false, ids = false } = asked;
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const { hostname, port } = new URL(address);
const total = Math.round(rate * seconds);
const latencies = new Float64Array(total).fill(NaN);
const counts = { sent: 0, answered: 0, wrong: 0, refused: 0, failed: 0 };
/** @type {Record<string, number>} */
const versions = {};
/** @type {string[]} */
const answered = [];
/** @type {string[]} */
const firstErrors = [];
const began = performance.now() + 50;
let open = 0;
let over = () => undefined;

/** @param {number} n */
function send(n) {
  const { text, base } = bodies[n % bodies.length] ?? { text: '', base: 0 };
  const due = began + (n * 1000) / rate;
  const body = Buffer.from(text);
  open += 1;
  counts.sent += 1;
  /** @param {'answered' | 'wrong' | 'refused' | 'failed'} kind @param {unknown} [why] */
  const done = (kind, why) => {
    counts[kind] += 1;
    if (why && firstErrors.length < 3) firstErrors.push(String(why).slice(0, 300));
    open -= 1;
    if (open === 0 && counts.sent === total) over();
  };
  const sent = request({ hostname, port, path: '/invocations', method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': body.length, ...(ids && { 'x-request-id': `load-${process.pid}-${n}` }) } }, (response) => {
    /** @type {Buffer[]} */
    const parts = [];
    response.on('data', (part) => parts.push(part)).on('error', (error) => done('failed', error.message)).on('end', () => {
      if (!response.complete) return done('failed', 'cut');
      latencies[n] = performance.now() - due;
      if (response.statusCode !== 200) return done('refused', `${response.statusCode} ${Buffer.concat(parts)}`);
      if (ids) answered.push(`load-${process.pid}-${n}`);
      const version = Number(response.headers['x-runyard-version'] ?? 0);
      versions[version] = (versions[version] ?? 0) + 1;
      const { predictions } = JSON.parse(Buffer.concat(parts).toString());
      if (check && predictions[0] !== base + version * 1000) return done('wrong', `version ${version}: ${predictions[0]}`);
      done('answered');
    });
  });
  sent.on('error', (error) => done('failed', error.message));
  sent.end(body);
}

await new Promise((resolve) => {
  over = () => void resolve(undefined);
  let next = 0;
  const step = () => {
    while (next < total && began + (next * 1000) / rate <= performance.now()) send(next++);
    if (next < total) setTimeout(step, Math.max(0, began + (next * 1000) / rate - performance.now() - 0.5));
  };
  step();
});
const sorted = latencies.filter((one) => !Number.isNaN(one)).sort();
/** @param {number} share */
const at = (share) => Number((sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN).toFixed(2));
process.stdout.write(`${JSON.stringify({ ...counts, seconds: Number(((performance.now() - began) / 1000).toFixed(2)), p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999), max: at(1), versions, firstErrors, ids: answered })}\n`);
process.exit(0);
