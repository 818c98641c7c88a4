/** The evaluation panel's line to its host. */
import { evaluationToPanel, type EvaluationPanelRequests, type EvaluationToPanel } from '../../src/protocol/evaluation/panel';
import { connectPanel, type PanelHost } from '../shared/host';

export type Host = PanelHost<EvaluationPanelRequests, EvaluationToPanel>;
export const connectHost = (): Host => connectPanel(evaluationToPanel);
