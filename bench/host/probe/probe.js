// Lives in the extension host beside the extension under test. It starts that extension and times it, then measures the event
// loop in phases, which the bench names in the file $RUNYARD_BENCH_DIR/phase. Figures go to that folder, as JSON, times in ms.
const fs = require('node:fs');
const path = require('node:path');
const { monitorEventLoopDelay, performance } = require('node:perf_hooks');
const vscode = require('vscode');

/** How often the loop is looked at, ms; what Node's histogram keeps is this and the delay together. */
const RESOLUTION = 1;
/** How often each turn is looked at by itself, ms. */
const PERIOD = 5;
/** Turns of the loop that come later than this, ms, are looked at one by one. */
const LATE = 10;

/** @typedef {(name: string, figures: object) => void} Say */
/** @typedef {ReturnType<typeof begin>} Phase */

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** @param {vscode.ExtensionContext} context */
exports.activate = async function activate(context) {
  const folder = process.env.RUNYARD_BENCH_DIR;
  if (!folder) return;
  /** @type {Say} */
  const say = (name, figures) => {
    fs.writeFileSync(path.join(folder, `${name}.tmp`), JSON.stringify(figures));
    fs.renameSync(path.join(folder, `${name}.tmp`), path.join(folder, `${name}.json`));
  };
  say(`activation.${process.pid}.${Date.now()}`, await timeActivation());
  context.subscriptions.push(watchPhases(folder, say));
};

/**
 * Loads the bundle, as the editor would, then lets the editor activate it through a wrapper that times `activate()` alone.
 * `already` says that something else was faster, and the figures are worth nothing.
 */
async function timeActivation() {
  const extension = vscode.extensions.getExtension('runyard.runyard');
  if (!extension) return { missing: true };
  const already = extension.isActive;
  const main = require.resolve(path.join(extension.extensionPath, extension.packageJSON.main));
  const start = performance.now();
  const real = require(main);
  const loaded = performance.now();
  const took = { returned: NaN, settled: NaN, ran: NaN, waited: NaN };
  const kept = require.cache[main];
  if (!kept) throw new Error(`${main} is not kept by require`);
  kept.exports = {
    ...real,
    /** @param {vscode.ExtensionContext} theirs */
    activate(theirs) {
      const before = threadTimes();
      const called = performance.now();
      const result = real.activate(theirs);
      took.returned = performance.now() - called;
      return Promise.resolve(result).finally(() => {
        took.settled = performance.now() - called;
        const after = threadTimes();
        took.ran = after.ran - before.ran;
        took.waited = after.waited - before.waited;
      });
    },
  };
  const asked = performance.now();
  await extension.activate();
  return {
    already, loadMs: round(loaded - start), activateMs: round(took.settled), activateBlockedMs: round(took.returned),
    activateComputedMs: round(took.ran), activateCoreWaitMs: round(took.waited), editorActivateMs: round(performance.now() - asked),
  };
}

/** One histogram a phase; a new name in the file ends one and begins the next, and `end` only ends. @param {string} folder @param {Say} say */
function watchPhases(folder, say) {
  const file = path.join(folder, 'phase');
  /** @type {Phase | undefined} */
  let current;
  const finish = () => {
    if (!current) return;
    current.histogram.disable();
    clearInterval(current.timer);
    say(`phase.${current.name}`, figures(current));
    current = undefined;
  };
  const look = () => {
    const name = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
    if (name === '' || name === current?.name) return;
    finish();
    if (name !== 'end') current = begin(name);
  };
  const watcher = fs.watch(folder, look);
  look();
  return { dispose() { watcher.close(); finish(); } };
}

/** @param {string} name */
function begin(name) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  /** @type {{ atMs: number, lateMs: number, coreWaitMs: number, computedMs: number }[]} */
  const late = [];
  // Of a late turn, what this thread waited for a core is the machine's doing; the rest is an extension's, whichever.
  let last = performance.now();
  let before = threadTimes();
  const timer = setInterval(() => {
    const now = performance.now();
    const after = threadTimes();
    const lateMs = now - last - PERIOD;
    const coreWaitMs = after.waited - before.waited;
    phase.ownMaxMs = Math.max(phase.ownMaxMs, lateMs - coreWaitMs);
    if (lateMs > LATE) phase.late.push({ atMs: Math.round(now - phase.start), lateMs: round(lateMs), coreWaitMs: round(coreWaitMs), computedMs: round(after.ran - before.ran) });
    last = now;
    before = after;
  }, PERIOD);
  const phase = { name, histogram, timer, start: last, cpu: process.cpuUsage(), loop: performance.eventLoopUtilization(), ownMaxMs: 0, late };
  histogram.enable();
  return phase;
}

/** What the main thread has run and has waited for a core since it began, ms: Linux keeps both; elsewhere the wait reads 0. */
function threadTimes() {
  if (fs.existsSync('/proc/self/schedstat')) {
    const [ran = 0, waited = 0] = fs.readFileSync('/proc/self/schedstat', 'latin1').split(' ').map(Number);
    return { ran: ran / 1e6, waited: waited / 1e6 };
  }
  const { user, system } = process.cpuUsage();
  return { ran: (user + system) / 1000, waited: 0 };
}

/** @param {Phase} phase */
function figures({ histogram, start, cpu, loop, late, ownMaxMs }) {
  /** @param {number} nanoseconds */
  const ms = (nanoseconds) => round(Math.max(0, nanoseconds / 1e6 - RESOLUTION));
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  return {
    seconds: round(seconds), turns: histogram.count,
    p50Ms: ms(histogram.percentile(50)), p99Ms: ms(histogram.percentile(99)), p999Ms: ms(histogram.percentile(99.9)), maxMs: ms(histogram.max),
    maxWithoutCoreWaitMs: round(ownMaxMs),
    busy: round(performance.eventLoopUtilization(loop).utilization), cpuShare: round((used.user + used.system) / 1e6 / seconds),
    lateTurns: late.length, latest: late.sort((a, b) => b.lateMs - a.lateMs).slice(0, 5),
  };
}
