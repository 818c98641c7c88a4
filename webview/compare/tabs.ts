/** The tabs below the table. */
import { createTabs as create, type Tabs, type View } from '../shared/tabs';
import { tabs, type Tab } from './model/state';

export type { View } from '../shared/tabs';

const titles: Record<Tab, string> = { curves: 'Curves', scatter: 'Scatter', parallel: 'Parallel coordinates', groups: 'Groups & verdict', differences: 'Differences' };

export function createTabs(make: Record<Tab, () => View>, onChange: (tab: Tab) => void): Tabs<Tab> {
  return create({ label: 'Pictures of these runs', titles: Object.fromEntries(tabs.map((tab) => [tab, titles[tab]])) as Record<Tab, string>, make, onChange });
}
