import type { DetailsView } from '../views/details';
import type { ExperimentsView } from '../views/experiments';
import type { ModelsView } from '../views/models';

/** The views that commands act on. */
export interface Parts { experiments: ExperimentsView; details: DetailsView; models: ModelsView }

/** Command id → what it does with what the editor passed. */
export type Handlers = Record<string, (args: readonly unknown[]) => unknown>;
