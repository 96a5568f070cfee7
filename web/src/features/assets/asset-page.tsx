import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Asset } from "../../api/assets.ts";
import { titleOf } from "../../assets/asset.ts";
import { bytes, dateTime, dimensions } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { priceText } from "../../money.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { fileName } from "../../ui/file-names.ts";
import { copyText } from "../../ui/files.ts";
import { Icon } from "../../ui/icons.tsx";
import { isMissing, Missing } from "../../ui/missing.tsx";
import { useObjectUrl } from "../../ui/object-url.ts";
import { DownloadButton } from "./download-button.tsx";
import { useAsset, useImage } from "./queries.ts";
import { RenditionsCard } from "./renditions-card.tsx";
import "./assets.css";

function costOf(asset: Asset): string {
  const words = texts("assets");
  if (asset.cost === null) return words.none;
  return asset.cost.amount === null ? words.unknown : priceText(asset.cost.amount);
}

function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="assets-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function FactsCard({ asset }: { asset: Asset }) {
  const words = texts("assets");
  return (
    <GlassyCard title={words.facts}>
      <Facts
        rows={[
          [words.size, dimensions(asset.width, asset.height)],
          [words.type, `${asset.media_type}, ${bytes(asset.bytes)}`],
          [words.made, dateTime(asset.created_at)],
          [words.operation, asset.operation],
          [words.cost, costOf(asset)],
          [words.folder, asset.folder ?? words.none],
          [
            words.job,
            asset.job_id ? <Link href={`/jobs/${asset.job_id}`}>{words.openJob}</Link> : words.none,
          ],
          [words.source, asset.source_type ?? words.none],
          [words.signedBy, asset.signed_by ?? words.none],
          [words.creator, asset.creator ?? words.none],
          [words.copyright, asset.copyright ?? words.none],
        ]}
      />
    </GlassyCard>
  );
}

function RecipeCard({ asset }: { asset: Asset }) {
  const words = texts("assets");
  const members = Object.entries(asset.recipe).filter(([, value]) => value !== null);
  return (
    <GlassyCard title={words.recipe}>
      {members.length === 0 ? (
        <p className="muted assets-card-body">{words.noRecipe}</p>
      ) : (
        <Facts rows={members.map(([name, value]) => [name.replaceAll("_", " "), value] as const)} />
      )}
    </GlassyCard>
  );
}

/** The whole image, its thumbnail until it is there; files of other kinds show their thumbnail. */
function Image({ asset }: { asset: Asset }) {
  const words = texts("assets");
  const full = useImage(asset.kind === "image" ? asset.id : null);
  const url = useObjectUrl(full.data);
  return (
    <figure className="assets-image checker">
      <img
        src={url ?? asset.thumbnail_url}
        alt={titleOf(asset) ?? words.untitled}
        width={asset.width ?? undefined}
        height={asset.height ?? undefined}
      />
      {(full.error || asset.kind !== "image") && (
        <figcaption className="assets-note">
          <Icon name="alert" size={14} />
          {asset.kind === "image" ? words.notLoaded : words.notShown}
        </figcaption>
      )}
    </figure>
  );
}

/** One finished image: how it looks, what it is, how it was made, and the files made of it. */
export default function AssetPage({ params }: { params: Record<string, string | undefined> }) {
  const words = texts("assets");
  const asset = useAsset(params.id ?? "");
  if (isMissing(asset.error))
    return (
      <Missing title={words.missingTitle} href="/assets" action={words.showAll}>
        {words.missing}
      </Missing>
    );
  if (asset.error && !asset.data) {
    return <ProblemBanner error={asset.error} onRetry={() => void asset.refetch()} />;
  }
  if (!asset.data) return <LoadingSkeleton rows={2} height={240} />;
  const { id, media_type } = asset.data;
  const name = titleOf(asset.data);
  return (
    <>
      <PageHeader
        title={name ?? words.untitled}
        path={[{ label: words.title, path: "/assets" }]}
        actions={
          <>
            <Button icon="link" onClick={() => void copyText(location.href, words.copied)}>
              {words.copyLink}
            </Button>
            <DownloadButton
              assetId={id}
              rendition={null}
              fileName={fileName([name ?? ""], media_type)}
              small={false}
            />
          </>
        }
      />
      {asset.error && <ProblemBanner error={asset.error} onRetry={() => void asset.refetch()} />}
      <div className="assets-detail">
        <Image asset={asset.data} />
        <div className="assets-side">
          <FactsCard asset={asset.data} />
          <RenditionsCard asset={asset.data} />
          <RecipeCard asset={asset.data} />
        </div>
      </div>
    </>
  );
}
