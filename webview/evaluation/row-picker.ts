/** The button that chooses the row browser's columns; the choice is the same in the list of flips, and kept over a reload. */
import { picker } from '../shared/picker';
import { shownColumns, type RowColumn } from './model/rows';
import type { Panel } from './panel';

export function columnPicker(panel: Panel, columns: () => RowColumn[]): HTMLElement {
  const others = (): RowColumn[] => columns().filter(({ key }) => key !== 'id');
  return picker({
    label: 'Columns',
    choices: () => others().map(({ key, label }) => ({ value: key, label, group: key.startsWith('column.') ? 'Data' : 'Row' })),
    chosen: () => shownColumns(others(), panel.state().rowColumns).map(({ key }) => key),
    onChange: (chosen) => panel.update({ rowColumns: others().every(({ key }) => chosen.includes(key)) ? null : chosen }),
    reset: { label: 'Show all', run: () => panel.update({ rowColumns: null }) },
  });
}
