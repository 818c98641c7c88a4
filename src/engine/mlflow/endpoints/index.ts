/** Every endpoint, a family a file. */
import type { MlflowContext } from '../context';
import type { Route } from '../router';
import { experimentRoutes } from './experiments';
import { metricRoutes } from './metrics';
import { runRoutes } from './runs';
import { serverRoutes } from './server';

export const routes = (context: MlflowContext): Route[] => [
  ...serverRoutes(), ...experimentRoutes(context), ...runRoutes(context), ...metricRoutes(context),
];
