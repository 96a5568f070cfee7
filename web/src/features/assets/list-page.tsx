import { Link, useSearchParams } from "wouter";
import type { Asset } from "../../api/assets.ts";
import { titleOf } from "../../assets/asset.ts";
import { PictureTile, RowRest } from "../../assets/picture-tile.tsx";
import { bytes, dateTime, dimensions } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Segment } from "../../ui/field.tsx";
import { Picture } from "../../ui/picture.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import { useAssets } from "./queries.ts";
import "./assets.css";

const ROW_HEIGHT = 168;

function Grid({ assets, onExpired }: { assets: readonly Asset[]; onExpired: () => void }) {
  const words = texts("assets");
  return (
    <ul className="picture-rows">
      {assets.map((asset) => (
        <PictureTile
          key={asset.id}
          asset={asset}
          label={words.open(titleOf(asset) ?? words.untitled)}
          rowHeight={ROW_HEIGHT}
          onExpired={onExpired}
        />
      ))}
      <RowRest />
    </ul>
  );
}

function List({ assets, onExpired }: { assets: readonly Asset[]; onExpired: () => void }) {
  const words = texts("assets");
  return (
    <GlassyCard>
      <table className="table assets-table">
        <thead>
          <tr>
            <th>{words.image}</th>
            <th className="assets-wide">{words.operation}</th>
            <th className="assets-wide">{words.made}</th>
            <th className="number assets-wide">{words.size}</th>
            <th className="number">{words.bytes}</th>
          </tr>
        </thead>
        <tbody>
          {assets.map((asset) => (
            <tr key={asset.id}>
              <td>
                <Link href={`/assets/${asset.id}`} className="assets-row">
                  <Picture
                    src={asset.thumbnail_url}
                    alt=""
                    className="assets-thumbnail"
                    onExpired={onExpired}
                  />
                  <span className="assets-row-name">{titleOf(asset) ?? words.untitled}</span>
                </Link>
              </td>
              <td className="assets-wide">{asset.operation}</td>
              <td className="assets-wide">{dateTime(asset.created_at)}</td>
              <td className="number assets-wide">{dimensions(asset.width, asset.height)}</td>
              <td className="number">{bytes(asset.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </GlassyCard>
  );
}

/** All finished images, newest first, as a grid or a list. */
export default function AssetsPage() {
  const words = texts("assets");
  const [search, setSearch] = useSearchParams();
  const view = search.get("view") === "list" ? "list" : "grid";
  const pages = useAssets();
  const assets = pages.data?.pages.flatMap((page) => page.data) ?? [];
  const renew = useRenewal(pages);
  const refresh = () => void pages.refetch();
  return (
    <>
      <PageHeader
        title={words.title}
        actions={
          <Segment
            label={words.view}
            value={view}
            options={[
              { value: "grid", label: words.grid },
              { value: "list", label: words.list },
            ]}
            onChange={(next) => setSearch(next === "grid" ? {} : { view: next })}
          />
        }
      />
      {pages.error && <ProblemBanner error={pages.error} onRetry={refresh} />}
      {pages.isPending && <LoadingSkeleton rows={3} height={ROW_HEIGHT} />}
      {pages.data && assets.length === 0 && (
        <Empty
          icon="image"
          title={words.emptyTitle}
          actions={
            <ButtonLink href="/create" kind="primary" icon="sparkle">
              {words.create}
            </ButtonLink>
          }
        >
          {words.empty}
        </Empty>
      )}
      {assets.length > 0 &&
        (view === "grid" ? (
          <Grid assets={assets} onExpired={renew} />
        ) : (
          <List assets={assets} onExpired={renew} />
        ))}
      {pages.hasNextPage && (
        <Button
          busy={pages.isFetchingNextPage ? shell.parts.loadingMore : undefined}
          onClick={() => void pages.fetchNextPage()}
        >
          {shell.parts.more}
        </Button>
      )}
    </>
  );
}
