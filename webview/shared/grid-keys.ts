/** Where a key moves the active cell of a grid. Row -1 is the header. Pure. */

export interface Cell { row: number; column: number }
export interface GridSize { rows: number; columns: number; /** lines that fit */ page: number }

/** The cell after a key, or null where the key moves nothing. `all` is ctrl or cmd: to the grid's ends. */
export function moveCell(cell: Cell, key: string, size: GridSize, all = false): Cell | null {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const to = (row: number, column: number): Cell => ({
    row: Math.max(-1, Math.min(last.row, row)), column: Math.max(0, Math.min(last.column, column)),
  });
  switch (key) {
    case 'ArrowUp': return all ? to(0, cell.column) : to(cell.row - 1, cell.column);
    case 'ArrowDown': return all ? to(last.row, cell.column) : to(cell.row + 1, cell.column);
    case 'ArrowLeft': return all ? to(cell.row, 0) : to(cell.row, cell.column - 1);
    case 'ArrowRight': return all ? to(cell.row, last.column) : to(cell.row, cell.column + 1);
    case 'Home': return all ? to(0, 0) : to(cell.row, 0);
    case 'End': return all ? to(last.row, last.column) : to(cell.row, last.column);
    case 'PageUp': return to(Math.max(0, cell.row - size.page), cell.column);
    case 'PageDown': return to(cell.row + size.page, cell.column);
    default: return null;
  }
}
