import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { ratioOf, titleOf } from "../../assets/asset.ts";
import { PictureTile, RowRest } from "../../assets/picture-tile.tsx";
import { integer } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { SectionHeader } from "../../ui/card.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import { useRecentPictures } from "./queries.ts";
import { fitting } from "./rows.ts";
import { sameDay } from "./summary.ts";

const ROWS = 2;
const ROW_HEIGHT = 144;
const GAP = 8;
const WIDEST = 420;

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

/** The newest pictures in justified rows. */
export function Pictures({ refresh, action }: { refresh: string; action: ReactNode }) {
  const words = texts("dashboard");
  const pictures = useRecentPictures(refresh);
  const assets = pictures.data ?? [];
  const renew = useRenewal(pictures);
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
      <ul className="picture-rows" ref={list}>
        {assets.slice(0, shown).map((asset) => (
          <PictureTile
            key={asset.id}
            asset={asset}
            label={words.picture(titleOf(asset) ?? words.untitled)}
            rowHeight={ROW_HEIGHT}
            onExpired={renew}
          />
        ))}
        {shown === assets.length && <RowRest />}
      </ul>
    </section>
  );
}
