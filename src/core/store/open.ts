/** Opens the store of a workspace: finds a driver and a journal that work here, mends what can be mended, and composes the parts. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import { disposable } from '../base/disposable';
import { applyBatch, offset } from './batch';
import { createContext, type Context } from './context';
import { curve } from './curves';
import { getRun } from './detail';
import { pickDriver, type Database, type Driver } from './driver';
import { createEvaluationRows } from './evaluations';
import * as experiments from './experiments';
import * as facts from './facts';
import { isCorrupt } from './failures';
import { inspect, moveAside, verify } from './health';
import * as history from './history';
import { probeWal, setJournal } from './journal';
import { createLedgerRows } from './ledger';
import { migrate, schemaVersion } from './migrate';
import { createMirror } from './mirror';
import * as models from './models';
import { createOverview } from './overview';
import { history as metricPoints, points } from './points';
import { createRecords, putRecord } from './records';
import { resolveRun } from './refs';
import * as runs from './runs';
import { createSearch } from './search';
import type { Store } from './store';
import * as trash from './trash';

export interface StoreOptions {
  /** the .runyard folder; made where it is missing */
  dir: string; log: Log; clock: Clock;
  /** what picks the journal, for tests: null where WAL works, else why not */
  probe?: (driver: Driver, dir: string) => string | null;
}

/** Throws store_newer (the file is left byte for byte) and disk_full. A damaged file is moved aside: see `fresh` and `notices`. */
export function openStore(options: StoreOptions): Store {
  const { dir, log, clock } = options;
  mkdirSync(dir, { recursive: true });
  ignoreInGit(dir);
  const driver = pickDriver();
  const notices = driver.notice ? [driver.notice] : [];
  const file = path.join(dir, 'runyard.db');
  let state = inspect(driver, file);
  const aside = (): void => {
    const moved = moveAside(file, clock());
    notices.push(`The store was damaged. It was moved to ${path.basename(moved)}, and a new one is made from the run folders.`);
    state = 'absent';
  };
  if (state === 'broken') aside();

  const why = (options.probe ?? probeWal)(driver, dir);
  if (why !== null) notices.push(`SQLite: no write-ahead log here (${why}); using a rollback journal, which is slower`);
  let db: Database;
  try {
    db = openDatabase(driver, file, why === null);
  } catch (error) {
    if (state === 'absent' || !isCorrupt(error)) throw error;
    aside();
    db = openDatabase(driver, file, why === null);
  }
  for (const notice of notices) log.warn(notice);
  const context = createContext(db, { log, clock, mirror: createMirror(dir) });
  if (state === 'absent') takeInMirror(context);
  return compose(context, { dir, notices, fresh: state === 'absent' });
}

/** A new database in a folder that had one: experiments get their numbers back, and records are there again. */
function takeInMirror(context: Context): void {
  context.write(() => {
    for (const line of context.mirror.read()) {
      if (line.doc === null) continue;
      if (line.kind === 'experiment') experiments.restoreExperiment(context, line.doc);
      else putRecord(context, line.kind, line);
    }
  });
}

function openDatabase(driver: Driver, file: string, wal: boolean): Database {
  const db = driver.open({ file });
  try {
    setJournal(db, wal);
    verify(db);
    // The header then shows the version, so that an older Runyard can refuse without opening it.
    if (migrate(db) < schemaVersion(db) && wal) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Everything but the ledger, which can be committed and reviewed. What a person wrote there stays; an older Runyard's is brought up to date. */
const IGNORED = '*\n!/ledger/\n!/ledger/**\n';

function ignoreInGit(dir: string): void {
  const file = path.join(dir, '.gitignore');
  if (!existsSync(file) || readFileSync(file, 'utf8').trim() === '*') writeFileSync(file, IGNORED);
}

function compose(context: Context, facets: { dir: string; notices: readonly string[]; fresh: boolean }): Store {
  const { db } = context;
  return {
    ...facets, driver: db.driver, schema: schemaVersion(db),
    ...disposable(() => db.close()), ...createSearch(context), ...createOverview(context),
    createRun: (spec, state) => runs.createRun(context, spec, state),
    applyBatch: (batch) => applyBatch(context, batch),
    offset: (run, file) => offset(context, run, file),
    setState: (run, change) => runs.setState(context, run, change),
    setArtifact: (run, at, found) => facts.setArtifact(context, run, at, found),
    liveRuns: () => runs.liveRuns(context),
    hasRun: (run) => runs.hasRun(context, run),
    runFacts: runs.createFacts(context),
    runIds: () => runs.runIds(context),
    resolveRun: (ref, goal) => resolveRun(context, ref, goal),
    getRun: (id) => getRun(context, id),
    curve: (query) => curve(context, query),
    points: (run, key, page) => points(context, run, key, page),
    history: (run, key, page) => metricPoints(context, run, key, page),
    resources: (run, px) => facts.resources(context, run, px),
    datasets: (run) => facts.datasets(context, run),
    artifacts: (run) => facts.artifacts(context, run),
    problems: (run) => facts.problems(context, run),
    records: createRecords(context), evaluations: createEvaluationRows(context), ledger: createLedgerRows(context),
    experimentRecords: () => experiments.experimentRecords(context),
    experimentById: (id) => experiments.experimentById(context, id),
    experimentNamed: (name) => experiments.experimentNamed(context, name),
    createExperiment: (experiment) => experiments.createExperiment(context, experiment),
    editExperiment: (id, change) => experiments.editExperiment(context, id, change),
    saidOf: (run) => runs.saidOf(context, run),
    runModels: (run) => models.runModels(context, run),
    runsOfModel: (model) => models.runsOfModel(context, model),
    modelMetrics: (model) => models.modelMetrics(context, model),
    trash: () => trash.trash(context),
    purgeRun: (run) => trash.purgeRun(context, run),
    usedDigests: () => trash.usedDigests(context),
    paramHistory: (param, metric, options) => history.paramHistory(context, { param, metric }, options),
    metricHistory: (key, options) => history.metricHistory(context, key, options),
    runsOfScript: (script, limit) => history.runsOfScript(context, script, limit),
  };
}
