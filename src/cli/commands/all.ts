/** Every command, in the order in which help lists them. */
import type { Command } from '../command';
import { approve } from './approve';
import { card } from './card';
import { gc, remove, restore, stop } from './change';
import { comment } from './comment';
import { compare } from './compare';
import { diff } from './diff';
import { doctor } from './doctor';
import { drift } from './drift';
import { evaluate } from './evaluate';
import { exportCommand } from './export';
import { feedback } from './feedback';
import { gate } from './gate';
import { importCommand } from './import';
import { init } from './init';
import { metrics } from './metrics';
import { models } from './models';
import { promote } from './promote';
import { rollback } from './rollback';
import { rerun, run } from './run';
import { runs } from './runs';
import { serve } from './serve';
import { logs, show } from './show';
import { slices } from './slices';

export const commands: readonly Command[] = [init, run, runs, show, logs, metrics, compare, diff, evaluate, slices, drift, feedback, models, gate, approve, promote, rollback, card, comment, stop, rerun, remove, restore, gc, serve, importCommand, exportCommand, doctor];
