/** What clients ask of the server itself. */
import * as z from 'zod';
import { rawRoute, route, type Route } from '../router';
import { ANSWERED } from '../router';

/** The MLflow whose behaviour is answered: clients decide by it how they send traces. */
const MLFLOW_VERSION = '3.17.2';

export const serverRoutes = (): Route[] => [
  rawRoute('GET /version', ({ response }) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(MLFLOW_VERSION);
    return ANSWERED;
  }),
  route('GET /api/3.0/mlflow/server-info', z.object({}), () => ({ store_type: 'SqlStore', workspaces_enabled: false })),
];
