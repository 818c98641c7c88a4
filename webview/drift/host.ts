/** The drift panel's line to its host. */
import { driftToPanel, type DriftPanelRequests, type DriftToPanel } from '../../src/protocol/drift-panel';
import { connectPanel, type PanelHost } from '../shared/host';

export type Host = PanelHost<DriftPanelRequests, DriftToPanel>;
export const connectHost = (): Host => connectPanel(driftToPanel);
