const texts = {
  title: "Compare",
  mode: "Way to compare",
  slider: "Slider",
  side: "Side by side",
  flicker: "One at a time",
  swap: "Show the other",
  position: "Position",
  positionValue: (position: string, zoom: string) => `${position} from the left, zoom ${zoom}`,
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  left: "Left",
  right: "Right",
  keys: "← → move by 1 %, with Shift by 10 %. + − 0 zoom, ↑ ↓ look around.",
};

export default texts;
