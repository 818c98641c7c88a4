import type { EvaluationRequest } from '../../../protocol/evaluation/request';

/** Of what was asked, the part that is about scored rows. */
export type JudgeRequest = Pick<EvaluationRequest, 'slices' | 'thresholds' | 'pinned' | 'gate' | 'cost' | 'seed' | 'replicates' | 'bins'>;
