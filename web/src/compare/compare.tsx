import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { dimensions, percent } from "../i18n/format.ts";
import { texts } from "../i18n/index.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Segment } from "../ui/field.tsx";
import { afterKey, type Look, lookAt, MAX_ZOOM, START, stageRatio, zoomed } from "./maths.ts";
import "./compare.css";

export interface ComparedImage {
  src: string;
  label: string;
  width?: number | null | undefined;
  height?: number | null | undefined;
}

type Mode = "slider" | "side" | "flicker";

function sizeOf(image: ComparedImage) {
  return image.width && image.height ? { width: image.width, height: image.height } : undefined;
}

function Layer({
  image,
  look,
  clip,
  onExpired,
}: {
  image: ComparedImage;
  look: Look;
  clip?: string | undefined;
  onExpired?: (() => void) | undefined;
}) {
  return (
    <div className="compare-layer" style={clip ? { clipPath: clip } : undefined}>
      <img
        src={image.src}
        alt={image.label}
        draggable={false}
        style={{
          transform: `scale(${look.zoom})`,
          transformOrigin: `${look.x}% ${look.y}%`,
        }}
        onError={onExpired}
      />
    </div>
  );
}

function SizeChip({ image, side }: { image: ComparedImage; side: "left" | "right" }) {
  return (
    <span className={`compare-chip compare-chip-${side}`}>
      {image.label}{" "}
      <span className="compare-size">{dimensions(image.width ?? null, image.height ?? null)}</span>
    </span>
  );
}

/**
 * Two images at the same place and zoom: behind a split, side by side, or one over the other.
 *
 * One range input holds the position, so the keyboard works as on any slider. The texts `compare` must
 * be loaded; `CompareDialog` and `ComparePanel` of `lazy.tsx` see to that.
 */
export default function Compare({
  before,
  after,
  onExpired,
}: {
  before: ComparedImage;
  after: ComparedImage;
  onExpired?: () => void;
}) {
  const words = texts("compare");
  const [mode, setMode] = useState<Mode>("slider");
  const [look, setLook] = useState(START);
  const [swapped, setSwapped] = useState(false);
  const ratio = stageRatio([sizeOf(before), sizeOf(after)]);
  const columns = mode === "side" ? 2 : 1;

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (mode === "flicker" && event.key === " ") {
      event.preventDefault();
      setSwapped(!swapped);
      return;
    }
    const next = afterKey(look, event.key, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    setLook(next);
  }

  function follow(event: PointerEvent): void {
    if (event.pointerType === "mouse" && mode === "slider" && event.buttons === 0) return;
    const place = event.currentTarget.getBoundingClientRect();
    const width = place.width / columns;
    const x = (event.clientX - place.left) % width;
    setLook(lookAt(look, x, event.clientY - place.top, { width, height: place.height }));
  }

  const shown = swapped ? before : after;
  return (
    <div className="compare">
      <div
        className={`compare-stage checker compare-${mode}`}
        style={{
          aspectRatio: `${ratio * columns}`,
          width: `min(100%, calc(max(240px, 100dvh - var(--compare-room, 320px)) * ${ratio * columns}))`,
        }}
      >
        {mode === "slider" && (
          <>
            <Layer
              image={before}
              look={look}
              clip={`inset(0 ${100 - look.x}% 0 0)`}
              onExpired={onExpired}
            />
            <Layer
              image={after}
              look={look}
              clip={`inset(0 0 0 ${look.x}%)`}
              onExpired={onExpired}
            />
            <div className="compare-line" style={{ left: `${look.x}%` }}>
              <span className="compare-knob" />
            </div>
          </>
        )}
        {mode === "side" && (
          <>
            <Layer image={before} look={look} onExpired={onExpired} />
            <Layer image={after} look={look} onExpired={onExpired} />
          </>
        )}
        {mode === "flicker" && <Layer image={shown} look={look} onExpired={onExpired} />}
        <input
          type="range"
          className="compare-range"
          min={0}
          max={100}
          step={1}
          value={Math.round(look.x)}
          aria-label={words.position}
          aria-valuetext={words.positionValue(percent(look.x), percent(look.zoom * 100))}
          onChange={(event) => setLook({ ...look, x: Number(event.target.value) })}
          onKeyDown={onKeyDown}
          onPointerDown={follow}
          onPointerMove={follow}
        />
        {mode === "flicker" ? (
          <SizeChip image={shown} side="left" />
        ) : (
          <>
            <SizeChip image={before} side="left" />
            <SizeChip image={after} side="right" />
          </>
        )}
      </div>
      <div className="compare-tools">
        <Segment
          label={words.mode}
          value={mode}
          options={[
            { value: "slider", label: words.slider },
            { value: "side", label: words.side },
            { value: "flicker", label: words.flicker },
          ]}
          onChange={setMode}
        />
        {mode === "flicker" && (
          <Button icon="retry" onClick={() => setSwapped(!swapped)}>
            {words.swap}
          </Button>
        )}
        <div className="compare-zoom">
          <IconButton
            icon="minus"
            label={words.zoomOut}
            disabled={look.zoom <= 1}
            onClick={() => setLook(zoomed(look, -1))}
          />
          <span className="number compare-percent">{percent(look.zoom * 100)}</span>
          <IconButton
            icon="plus"
            label={words.zoomIn}
            disabled={look.zoom >= MAX_ZOOM}
            onClick={() => setLook(zoomed(look, 1))}
          />
        </div>
        <p className="meta compare-keys">{words.keys}</p>
      </div>
    </div>
  );
}
