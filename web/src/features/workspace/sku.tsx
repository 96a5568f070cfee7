import { useState } from "react";
import type { Folder, Pair } from "../../api/folders.ts";
import { shell, texts } from "../../i18n/index.ts";
import { QueueDialog } from "../../jobs/queue-dialog.tsx";
import { PageHeader } from "../../shell/page-header.tsx";
import { Button } from "../../ui/button.tsx";
import { FilesButton } from "../../ui/drop.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import { toast } from "../../ui/toast.tsx";
import { DownloadDialog } from "./download-dialog.tsx";
import { PairView } from "./pair-view.tsx";
import { jobInWork, keyOf, withoutResult } from "./pairs.ts";
import { type Listing, useFolder, useFolderActions, useFollow, usePairs } from "./queries.ts";
import { RefusedCard } from "./refused-card.tsx";
import { RuleDialog } from "./rule-dialog.tsx";
import { Strip } from "./strip.tsx";

const PHOTOS = "image/jpeg,image/png,image/webp,image/avif,image/gif";

/** Approve, archive or open a SKU again. Each can be taken back. */
function useStateMenu(sku: string, state: Folder["state"]): MenuItem[] {
  const words = texts("workspace");
  const actions = useFolderActions(sku);
  function change(next: Folder["state"]): void {
    actions.state.mutate(next, {
      onSuccess: () =>
        toast(words.changed(sku, words.states[next]), {
          undo: () => actions.state.mutate(state),
        }),
    });
  }
  const items: (MenuItem & { to: Folder["state"] })[] = [
    { to: "approved", label: words.approve, icon: "check", onSelect: () => change("approved") },
    { to: "pending", label: words.reopen, icon: "retry", onSelect: () => change("pending") },
    { to: "archived", label: words.archive, icon: "minus", onSelect: () => change("archived") },
  ];
  return items.filter((item) => item.to !== state).map(({ to: _to, ...item }) => item);
}

/** Orders the results that are missing, by the recipe of the rule. */
function MakeButton({
  folder,
  pairs,
  onOrdered,
}: {
  folder: Folder;
  pairs: readonly Pair[];
  onOrdered: (jobId: string) => void;
}) {
  const words = texts("workspace");
  const { make } = useFolderActions(folder.sku);
  const missing = withoutResult(pairs);
  const recipeId = folder.rule?.recipe_id;
  if (missing.length === 0 || recipeId === undefined) return null;
  return (
    <>
      <Button
        kind="primary"
        icon="sparkle"
        busy={make.isPending ? words.ordering : undefined}
        onClick={() =>
          make.mutate({ recipeId, pairs: missing }, { onSuccess: (job) => onOrdered(job.id) })
        }
      >
        {words.make(missing.length)}
      </Button>
      {make.error && <ProblemBanner error={make.error} />}
    </>
  );
}

type Open = "rule" | "download" | null;

/** One SKU: its photos and what was made of them. */
export function Sku({
  sku,
  listed,
  listing,
  onFiles,
}: {
  sku: string;
  listed: Folder | undefined;
  listing: Listing;
  onFiles: (files: readonly File[]) => void;
}) {
  const words = texts("workspace");
  const { folder, known } = useFolder(sku, listed, listing);
  const pairs = usePairs(sku, folder !== null);
  const [open, setOpen] = useState<Open>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const menu = useStateMenu(sku, folder?.state ?? "pending");
  const rows = pairs.data?.pages.flatMap((page) => page.data) ?? [];
  useFollow(rows);
  const shown = rows.find((pair) => keyOf(pair) === chosen) ?? rows[0];
  const running = jobInWork(rows);
  const expired = useRenewal(pairs);
  return (
    <>
      <PageHeader
        title={sku}
        path={[{ label: words.title, path: "/workspace" }]}
        below={
          <p className="workspace-below">
            {folder && folder.name !== sku && <span>{folder.name}</span>}
            <Button kind="quiet" small icon="bolt" onClick={() => setOpen("rule")}>
              {`${words.rule}: ${folder?.rule?.recipe_id ?? words.ruleNone}`}
            </Button>
          </p>
        }
        actions={
          <>
            {running && (
              <Button kind="quiet" icon="layers" onClick={() => setJobId(running)}>
                {shell.queue.title}
              </Button>
            )}
            {folder && folder.counts.done > 0 && (
              <Button icon="download" onClick={() => setOpen("download")}>
                {words.download}
              </Button>
            )}
            <FilesButton
              label={words.add}
              accept={PHOTOS}
              multiple
              primary={rows.length === 0}
              onFiles={onFiles}
            />
            {folder && <MakeButton folder={folder} pairs={rows} onOrdered={setJobId} />}
            {folder && <Menu label={`${words.more}: ${sku}`} items={menu} />}
          </>
        }
      />
      {pairs.error && <ProblemBanner error={pairs.error} onRetry={() => void pairs.refetch()} />}
      {(pairs.isLoading || !known) && <LoadingSkeleton rows={1} height={420} />}
      {known && !pairs.isLoading && rows.length === 0 && (
        <Empty icon="upload" title={words.noPhotosTitle}>
          {words.noPhotos}
        </Empty>
      )}
      {shown && <PairView key={keyOf(shown)} pair={shown} onExpired={expired} />}
      {rows.length > 0 && (
        <Strip
          pairs={rows}
          chosen={shown ? keyOf(shown) : ""}
          onChoose={setChosen}
          onExpired={expired}
          more={
            pairs.hasNextPage
              ? { busy: pairs.isFetchingNextPage, load: () => void pairs.fetchNextPage() }
              : null
          }
        />
      )}
      {folder && folder.refused_files > 0 && <RefusedCard sku={sku} count={folder.refused_files} />}
      {open === "rule" && (
        <RuleDialog
          sku={sku}
          current={folder?.rule?.recipe_id ?? ""}
          sample={rows.find((pair) => pair.input_asset_id !== null)?.input_asset_id ?? null}
          onClose={() => setOpen(null)}
        />
      )}
      {open === "download" && <DownloadDialog sku={sku} onClose={() => setOpen(null)} />}
      <QueueDialog
        open={jobId !== null}
        onClose={() => {
          setJobId(null);
          void pairs.refetch();
        }}
        queue={[]}
        total={0}
        jobId={jobId}
      />
    </>
  );
}
