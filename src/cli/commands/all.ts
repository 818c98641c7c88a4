/** Every command, in the order in which help lists them. */
import type { Command } from '../command';
import { gc, remove, restore, stop } from './change';
import { compare } from './compare';
import { diff } from './diff';
import { doctor } from './doctor';
import { evaluate } from './evaluate';
import { exportCommand } from './export';
import { importCommand } from './import';
import { init } from './init';
import { metrics } from './metrics';
import { rerun, run } from './run';
import { runs } from './runs';
import { serve } from './serve';
import { logs, show } from './show';
import { slices } from './slices';

export const commands: readonly Command[] = [init, run, runs, show, logs, metrics, compare, diff, evaluate, slices, stop, rerun, remove, restore, gc, serve, importCommand, exportCommand, doctor];
