import { randomBytes } from 'node:crypto';

/** A run's id: 32 lower-case hexadecimal digits, random, as MLflow's are. */
export const newRunId = (): string => randomBytes(16).toString('hex');
