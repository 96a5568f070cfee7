/** Where a comparison stands: the split, the point looked at, and the zoom. No DOM here. */

export interface Look {
  /** Percentage of the width: the split, and the point that a zoom keeps in place. */
  x: number;
  /** Percentage of the height that a zoom keeps in place. */
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export const START: Look = { x: 50, y: 50, zoom: 1 };
export const MAX_ZOOM = 8;

const STEP = 1;
const LARGE_STEP = 10;
const ZOOM_STEP = 1.5;

function percentage(value: number): number {
  return Math.min(100, Math.max(0, value));
}

export function zoomed(look: Look, steps: number): Look {
  const zoom = Math.min(MAX_ZOOM, Math.max(1, look.zoom * ZOOM_STEP ** steps));
  return { ...look, zoom, y: zoom === 1 ? START.y : look.y };
}

/** Returns the look after a key, or null for a key that means nothing here. */
export function afterKey(look: Look, key: string, shift: boolean): Look | null {
  const step = shift ? LARGE_STEP : STEP;
  switch (key) {
    case "ArrowLeft":
      return { ...look, x: percentage(look.x - step) };
    case "ArrowRight":
      return { ...look, x: percentage(look.x + step) };
    case "ArrowUp":
      return { ...look, y: percentage(look.zoom > 1 ? look.y - step : look.y) };
    case "ArrowDown":
      return { ...look, y: percentage(look.zoom > 1 ? look.y + step : look.y) };
    case "Home":
      return { ...look, x: 0 };
    case "End":
      return { ...look, x: 100 };
    case "+":
    case "=":
      return zoomed(look, 1);
    case "-":
      return zoomed(look, -1);
    case "0":
      return { ...look, zoom: 1, y: START.y };
    default:
      return null;
  }
}

/** Returns the look at a point of the stage, in pixels from its top left corner. */
export function lookAt(look: Look, x: number, y: number, stage: Size): Look {
  if (stage.width <= 0 || stage.height <= 0) return look;
  return {
    ...look,
    x: percentage((x / stage.width) * 100),
    y: look.zoom > 1 ? percentage((y / stage.height) * 100) : look.y,
  };
}

/** Returns width by height of the stage: the taller of both shapes, so that both fit by width. */
export function stageRatio(images: readonly (Partial<Size> | undefined)[]): number {
  const ratios = images.flatMap((image) =>
    image?.width && image.height ? [image.width / image.height] : [],
  );
  return ratios.length > 0 ? Math.min(...ratios) : 1;
}
