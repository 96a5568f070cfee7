import { Link } from "wouter";
import type { Asset } from "../api/assets.ts";
import { Picture } from "../ui/picture.tsx";
import { ratioOf, titleOf } from "./asset.ts";
import "./picture-tile.css";

/** One image of justified rows; a press opens it. `label` is its name for assistive technology. */
export function PictureTile({
  asset,
  label,
  rowHeight,
  onExpired,
}: {
  asset: Asset;
  label: string;
  /** Pixels. */
  rowHeight: number;
  onExpired: () => void;
}) {
  const ratio = ratioOf(asset);
  const title = titleOf(asset);
  return (
    <li
      className="picture-tile"
      style={{ flexGrow: ratio, flexBasis: ratio * rowHeight, height: rowHeight }}
    >
      <Link href={`/assets/${asset.id}`} aria-label={label}>
        <Picture src={asset.thumbnail_url} alt="" className="checker" onExpired={onExpired} />
        {title && <span className="picture-tile-caption one-line">{title}</span>}
      </Link>
    </li>
  );
}

/** Fills the last row, so that its images keep their size. */
export function RowRest() {
  return <li className="picture-rest" aria-hidden="true" />;
}
