import { useState } from "react";
import { useLocation } from "wouter";
import { texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { DropCover, useDrop } from "../../ui/drop.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { useFolders } from "./queries.ts";
import { SideList } from "./side-list.tsx";
import { Sku } from "./sku.tsx";
import { SkuDialog } from "./sku-dialog.tsx";
import { skuOf } from "./uploads.ts";
import { UploadsCard } from "./uploads-card.tsx";
import { useUploads } from "./use-uploads.ts";
import "./workspace.css";

/** Files that wait for their SKU, or an empty list when a SKU is made without files. */
type Asking = readonly File[] | null;

/** The SKUs of the account on the left, the photos of the chosen one and their results beside it. */
export default function WorkspacePage({ params }: { params: Record<string, string | undefined> }) {
  const words = texts("workspace");
  const chosen = params.sku ?? "";
  const [, go] = useLocation();
  const folders = useFolders();
  const uploads = useUploads();
  const [asking, setAsking] = useState<Asking>(null);
  const rows = folders.data?.pages.flatMap((page) => page.data) ?? [];
  const drop = useDrop((files) => take(files));

  function take(files: readonly File[]): void {
    if (chosen === "") setAsking(files);
    else uploads.add(files, chosen);
  }

  const none = folders.data !== undefined && rows.length === 0 && chosen === "";
  return (
    <div className="workspace" {...drop.handlers}>
      {drop.over && <DropCover text={chosen === "" ? words.drop : words.dropFor(chosen)} />}
      <SideList folders={folders} rows={rows} chosen={chosen} onNew={() => setAsking([])} />
      <div className="workspace-main">
        {folders.error && (
          <ProblemBanner error={folders.error} onRetry={() => void folders.refetch()} />
        )}
        {chosen === "" && <PageHeader title={words.title} />}
        {chosen === "" && folders.isPending && <LoadingSkeleton rows={2} height={240} />}
        {chosen === "" && folders.data && (
          <Empty icon="box" title={none ? words.emptyTitle : words.chooseTitle}>
            {none ? words.empty : words.choose}
          </Empty>
        )}
        {chosen !== "" && (
          <Sku
            key={chosen}
            sku={chosen}
            listed={rows.find((folder) => folder.sku === chosen)}
            listing={folders.data === undefined ? "loading" : folders.hasNextPage ? "part" : "all"}
            onFiles={take}
          />
        )}
        <UploadsCard uploads={uploads} />
      </div>
      {asking && (
        <SkuDialog
          proposed={asking[0] ? skuOf(asking[0].name) : ""}
          onChosen={(sku) => {
            if (asking.length > 0) uploads.add(asking, sku);
            setAsking(null);
            go(`/workspace/${encodeURIComponent(sku)}`);
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
