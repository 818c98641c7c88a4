/** The rows of a retraining: those that it trains on, and the freshest labelled ones, which it is judged by. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { RetrainingConfig } from '../../config/monitoring';
import type { Watching } from '../../evaluation/service/jobs';
import type { TimeWindow } from '../../../protocol/performance';
import type { MonitoringContext } from '../types';
import type { Entry } from './journal';
import { folderOf, labelOf, logOf } from './place';
import { periodText } from './triggers';

/** With fewer nothing is trained, and nothing judged. */
export const LEAST = { train: 50, holdout: 30 } as const;
export type Rows = { data: NonNullable<Entry['data']>; window: TimeWindow } | { few: string };

/** Writes train.parquet and holdout.parquet into the retraining's folder; doing it again writes the same. */
export async function gatherRows(context: MonitoringContext, config: RetrainingConfig, { id, t }: { id: string; t: number }, watching: Watching): Promise<Rows> {
  const { workspace } = context;
  const whole = context.loaded().config;
  const log = logOf(workspace, whole, config);
  const label = labelOf(whole, config, log);
  const folder = folderOf(id);
  await mkdir(path.join(workspace, folder), { recursive: true });
  const [train, holdout] = [`${folder}/train.parquet`, `${folder}/holdout.parquet`];
  const from = t - config.window * 1000;
  const found = await context.work('retrainingRows', {
    log, label, window: { from, to: t }, holdout: config.holdout, least: LEAST, files: { train: path.join(workspace, train), holdout: path.join(workspace, holdout) },
  }, { watching });
  const few = fewOf(found, config);
  if (few !== null) return { few };
  return { window: { from, to: found.split }, data: { train, holdout, label, rows: found.train, held: found.holdout, digest: found.digest } };
}

/** What is wanting; null where there are enough. */
export function fewOf({ train, holdout, unlabelled }: { train: number; holdout: number; unlabelled: number }, { window, holdout: apart }: Pick<RetrainingConfig, 'window' | 'holdout'>): string | null {
  const rows = (count: number): string => `${count} labelled ${count === 1 ? 'row' : 'rows'}`;
  if (train + holdout === 0) return `no labelled row in the last ${periodText(window)}${unlabelled > 0 ? ` (${unlabelled} without a label): import labels first` : ''}`;
  if (train < LEAST.train) return `${rows(train)} to train on in the last ${periodText(window)}, besides the freshest ${periodText(apart)} that it is judged by: at least ${LEAST.train} are wanted`;
  return holdout < LEAST.holdout ? `${rows(holdout)} in the freshest ${periodText(apart)}, to judge it by: at least ${LEAST.holdout} are wanted` : null;
}
