/** The review panel's line to its host. */
import { reviewToPanel, type ReviewPanelRequests, type ReviewToPanel } from '../../src/protocol/review-panel';
import { connectPanel, type PanelHost } from '../shared/host';

export type Host = PanelHost<ReviewPanelRequests, ReviewToPanel>;
export const connectHost = (): Host => connectPanel(reviewToPanel);
