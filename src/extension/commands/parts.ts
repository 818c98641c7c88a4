import type { DetailsView } from '../views/details';
import type { ExperimentsView } from '../views/experiments';
import type { ModelsView } from '../views/models';
import type { MonitoringView } from '../views/monitoring';

/** The views that commands act on. */
export interface Parts { experiments: ExperimentsView; details: DetailsView; models: ModelsView; monitoring: MonitoringView }

/** Command id → what it does with what the editor passed. */
export type Handlers = Record<string, (args: readonly unknown[]) => unknown>;
