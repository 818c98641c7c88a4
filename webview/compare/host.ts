/** The compare panel's line to its host. */
import { toPanel, type PanelRequests, type ToPanel } from '../../src/protocol/compare';
import { connectPanel, type PanelHost } from '../shared/host';

export type Host = PanelHost<PanelRequests, ToPanel>;
export const connectHost = (): Host => connectPanel(toPanel);
