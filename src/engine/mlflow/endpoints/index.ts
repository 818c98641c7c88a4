/** Every endpoint, a family a file. */
import type { MlflowContext } from '../context';
import type { Route } from '../router';
import { artifactRoutes } from './artifacts';
import { assessmentRoutes } from './assessments';
import { datasetRoutes } from './datasets';
import { experimentRoutes } from './experiments';
import { loggedModelRoutes } from './logged-models';
import { metricRoutes } from './metrics';
import { modelVersionRoutes } from './model-versions';
import { otlpRoutes } from './otlp';
import { registeredModelRoutes } from './registered-models';
import { runRoutes } from './runs';
import { serverRoutes } from './server';
import { webhookRoutes } from './webhooks';
import { traceRoutes } from './traces';

export const routes = (context: MlflowContext): Route[] => [
  ...serverRoutes(), ...experimentRoutes(context), ...runRoutes(context), ...metricRoutes(context), ...artifactRoutes(context),
  ...loggedModelRoutes(context), ...registeredModelRoutes(context), ...modelVersionRoutes(context), ...datasetRoutes(context), ...webhookRoutes(context),
  ...traceRoutes(context), ...assessmentRoutes(context), ...otlpRoutes(context),
];
