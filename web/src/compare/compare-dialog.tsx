import { useEffect, useState } from "react";
import { texts } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import Compare, { type ComparedImage } from "./compare.tsx";

function Strip({
  label,
  images,
  chosen,
  onChoose,
}: {
  label: string;
  images: readonly ComparedImage[];
  chosen: number;
  onChoose: (index: number) => void;
}) {
  return (
    <fieldset className="compare-strip">
      <legend className="meta">{label}</legend>
      {images.map((image, index) => (
        <button
          key={image.src}
          type="button"
          className="compare-choice"
          aria-pressed={index === chosen}
          aria-label={image.label}
          title={image.label}
          onClick={() => onChoose(index)}
        >
          <img src={image.src} alt="" />
        </button>
      ))}
    </fieldset>
  );
}

/** Compares two of the images; with three or more a strip chooses each side. */
export default function CompareDialog({
  images,
  left = 0,
  right = 1,
  onExpired,
  onClose,
}: {
  images: readonly ComparedImage[];
  left?: number;
  right?: number;
  onExpired?: () => void;
  onClose: () => void;
}) {
  const words = texts("compare");
  const [chosen, setChosen] = useState({ left, right });
  // The dialog focuses its title first; the keys of the comparison work on the range.
  useEffect(() => document.querySelector<HTMLElement>("dialog .compare-range")?.focus(), []);
  const before = images[chosen.left];
  const after = images[chosen.right];
  return (
    <Dialog wide title={words.title} icon="compare" onClose={onClose}>
      <div className="compare-dialog">
        {before && after && (
          <Compare before={before} after={after} {...(onExpired ? { onExpired } : {})} />
        )}
        {images.length > 2 && (
          <div className="compare-strips">
            <Strip
              label={words.left}
              images={images}
              chosen={chosen.left}
              onChoose={(index) => setChosen({ ...chosen, left: index })}
            />
            <Strip
              label={words.right}
              images={images}
              chosen={chosen.right}
              onChoose={(index) => setChosen({ ...chosen, right: index })}
            />
          </div>
        )}
      </div>
    </Dialog>
  );
}
