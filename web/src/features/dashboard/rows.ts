/** Justified rows: pictures fill a row from left to right, as a wrapping flex box does. */

export interface RowShape {
  width: number;
  height: number;
  gap: number;
  /** The widest that a picture gets. */
  widest: number;
}

/** Returns how many pictures of these ratios (width by height) fill a number of rows. */
export function fitting(ratios: readonly number[], rows: number, shape: RowShape): number {
  let row = 1;
  let used = 0;
  for (const [index, ratio] of ratios.entries()) {
    const size = Math.min(ratio * shape.height, shape.widest);
    const needed = used === 0 ? size : used + shape.gap + size;
    if (used > 0 && needed > shape.width) {
      row += 1;
      used = size;
    } else used = needed;
    if (row > rows) return index;
  }
  return ratios.length;
}
