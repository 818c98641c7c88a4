/** What serving processes read becomes what the ledger says last, whatever ended the engine before, and whoever moved it elsewhere. */
import { readdir } from 'node:fs/promises';
import { systemCode } from '../../base/errors';
import { MOVES, type LedgerEntry } from '../ledger/entry';
import { preparePointer, refuseFolder } from '../live/pointer';
import { manifestFor, pointAt, sourcesOf, sweep } from './flip';
import type { RegistryContext } from '../types';
import { cutOff, sayNotRun, type CutOff } from './resume';
import { pointerOf, type Moving, type Place } from './parts';
import { isWhole } from './whole';

/** Every model and environment that was ever moved. What can't be brought there is said in the log, and left as it is. */
export async function catchUp(moving: Moving): Promise<void> {
  const { context, parts: { ledger } } = moving;
  const last = new Map<string, LedgerEntry>();
  for (const entry of ledger.entries()) if (MOVES.includes(entry.kind) && entry.environment !== null) last.set(JSON.stringify([entry.model, entry.environment]), entry);
  for (const entry of last.values()) {
    const place = { model: entry.model, environment: entry.environment ?? '' };
    try {
      await bring(moving, place, entry);
    } catch (error) {
      context.log.error(`${place.model} in ${place.environment} could not be brought to what the ledger says`, error);
    }
  }
}

/** After a start: what was cut off, too. Returns the hooks that are still to be run. */
export async function reconcile(moving: Moving): Promise<CutOff[]> {
  const { context, parts: { ledger } } = moving;
  await catchUp(moving);
  const cuts = cutOff(ledger.entries(), ledger.clone);
  for (const cut of cuts) if (cut.over) sayNotRun(moving, cut, cut.left, 'the engine ended before it, and another move came after');
  for (const model of await movedModels(context)) if (!moving.locks.holder(model)) await sweep(moving, model);
  return cuts.filter(({ over }) => !over);
}

/** Those that have a folder: a first promotion that didn't get far leaves one, too. */
async function movedModels(context: RegistryContext): Promise<string[]> {
  try {
    return (await readdir(pointerOf(context, { model: '', environment: '' }).root, { withFileTypes: true })).filter((one) => one.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function bring(moving: Moving, place: Place, last: LedgerEntry): Promise<void> {
  const { context, parts: { ledger, versions, followMove }, locks } = moving;
  const { model, environment } = place;
  // Nobody who moves it meanwhile is held up where nothing is to be done.
  if (locks.holder(model) || await isWhole(context, ledger.entries(), place) || locks.holder(model)) return;
  await locks.hold(model, { by: last.by, what: `brings ${model} in ${environment} to what the ledger says` }, async () => {
    const pointer = pointerOf(context, place);
    if (!await isWhole(context, ledger.entries(), place)) {
      await refuseFolder(pointer);
      const { version } = last;
      if (version === null) await pointAt(pointer, null);
      else {
        const facts = await versions.facts(model, version);
        if (!versions.here(facts)) return context.log.warn(`${model} version ${version} is live in ${environment} by the ledger, and its files are not here: runyard models fetch ${model} ${version}`);
        const altered = await versions.altered(model, version);
        if (altered.length > 0) return context.log.warn(`${model} version ${version} is live in ${environment} by the ledger, and its files are not what they were: ${altered.map(({ path }) => path).join(', ')}`);
        const folder = await versions.folder(model, version);
        const reason = typeof last.facts['reason'] === 'string' ? last.facts['reason'] : '';
        await pointAt(pointer, await preparePointer(pointer, manifestFor(last, facts.files, reason), sourcesOf({ files: facts.files, folder })));
        followMove({ model, version, environment });
      }
      context.log.info(`${model} in ${environment} is at ${version === null ? 'nothing' : `version ${version}`} again, as the ledger says`);
      context.changed([model]);
    }
  });
}
