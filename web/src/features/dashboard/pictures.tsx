import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { components } from "../../api/schema.d.ts";
import { integer } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { SectionHeader } from "../../ui/card.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Picture } from "../../ui/picture.tsx";
import { useRecentPictures } from "./queries.ts";
import { fitting } from "./rows.ts";
import { sameDay } from "./summary.ts";

type Asset = components["schemas"]["Asset"];

const ROWS = 2;
const ROW_HEIGHT = 144;
const GAP = 8;
const WIDEST = 420;

function ratioOf(asset: Asset): number {
  return asset.width && asset.height ? asset.width / asset.height : 1;
}

/** Returns the width of an element that stays on the page, 0 before it is known. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

function nameOf(asset: Asset): string | null {
  const prompt = asset.recipe.prompt;
  return asset.title ?? asset.label ?? (typeof prompt === "string" ? prompt : null);
}

function Tile({ asset, onExpired }: { asset: Asset; onExpired: () => void }) {
  const words = texts("dashboard");
  const ratio = ratioOf(asset);
  const name = nameOf(asset);
  return (
    <li style={{ flexGrow: ratio, flexBasis: ratio * ROW_HEIGHT }}>
      <Link
        href={`/assets/${asset.id}`}
        className="dashboard-tile"
        aria-label={words.picture(name ?? words.untitled)}
      >
        <Picture
          src={asset.thumbnail_url}
          alt=""
          className="dashboard-picture checker"
          onExpired={onExpired}
        />
        {name && <span className="dashboard-caption one-line">{name}</span>}
      </Link>
    </li>
  );
}

/** The newest pictures in justified rows. */
export function Pictures({ refresh, action }: { refresh: string; action: ReactNode }) {
  const words = texts("dashboard");
  const pictures = useRecentPictures(refresh);
  const assets = pictures.data ?? [];
  const list = useRef<HTMLUListElement>(null);
  const width = useWidth(list);
  const shape = { width, height: ROW_HEIGHT, gap: GAP, widest: WIDEST };
  const shown = width > 0 ? fitting(assets.map(ratioOf), ROWS, shape) : 0;
  const now = new Date();
  const today = assets.filter((asset) => sameDay(new Date(asset.created_at), now)).length;
  const count = today === assets.length ? `${integer(today)}+` : integer(today);
  return (
    <section>
      <SectionHeader
        title={words.recent}
        count={today > 0 ? words.today(count) : undefined}
        action={action}
      />
      {pictures.error && (
        <ProblemBanner error={pictures.error} onRetry={() => void pictures.refetch()} />
      )}
      {pictures.isPending && <LoadingSkeleton rows={2} height={ROW_HEIGHT} />}
      {pictures.data && assets.length === 0 && (
        <Empty
          icon="image"
          title={words.emptyTitle}
          actions={
            <ButtonLink href="/create" icon="sparkle">
              {words.create}
            </ButtonLink>
          }
        >
          {words.empty}
        </Empty>
      )}
      <ul className="dashboard-pictures" ref={list}>
        {assets.slice(0, shown).map((asset) => (
          <Tile key={asset.id} asset={asset} onExpired={() => void pictures.refetch()} />
        ))}
        {shown === assets.length && <li className="dashboard-rest" aria-hidden="true" />}
      </ul>
    </section>
  );
}
