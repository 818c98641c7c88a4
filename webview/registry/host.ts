/** The registry panel's line to its host. */
import { registryToPanel, type RegistryPanelRequests, type RegistryToPanel } from '../../src/protocol/registry-panel';
import { connectPanel, type PanelHost } from '../shared/host';

export type Host = PanelHost<RegistryPanelRequests, RegistryToPanel>;
export const connectHost = (): Host => connectPanel(registryToPanel);
