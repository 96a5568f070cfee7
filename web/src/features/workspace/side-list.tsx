import { useState } from "react";
import { Link } from "wouter";
import type { Folder } from "../../api/folders.ts";
import { shell, texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { LoadingSkeleton } from "../../ui/feedback.tsx";
import { Picture } from "../../ui/picture.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import type { useFolders } from "./queries.ts";

function StateWord({ folder }: { folder: Folder }) {
  const words = texts("workspace");
  const { counts, state } = folder;
  if (state !== "pending")
    return (
      <span className={state === "approved" ? "tone-ok" : "muted"}>{words.states[state]}</span>
    );
  if (counts.failed > 0) return <span className="tone-bad">{words.failed(counts.failed)}</span>;
  return counts.to_do > 0 ? (
    <span className="tone-run">{words.toDo(counts.to_do)}</span>
  ) : (
    <span className="muted">{words.states.pending}</span>
  );
}

/** The SKUs, with what is done and missing in each. */
export function SideList({
  folders,
  rows,
  chosen,
  onNew,
}: {
  folders: ReturnType<typeof useFolders>;
  rows: readonly Folder[];
  chosen: string;
  onNew: () => void;
}) {
  const words = texts("workspace");
  const [wanted, setWanted] = useState("");
  const renew = useRenewal(folders);
  const key = wanted.trim().toLowerCase();
  const found = rows.filter(
    (folder) => folder.sku.toLowerCase().includes(key) || folder.name.toLowerCase().includes(key),
  );
  return (
    <nav
      className={chosen === "" ? "workspace-list" : "workspace-list workspace-list-chosen"}
      aria-label={words.list}
    >
      <div className="workspace-find">
        <input
          type="search"
          className="input"
          aria-label={words.find}
          placeholder={words.find}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <Button icon="plus" onClick={onNew}>
          {words.newSku}
        </Button>
      </div>
      {folders.isPending && <LoadingSkeleton rows={6} height={56} />}
      {rows.length > 0 && found.length === 0 && <p className="muted">{words.noneFound}</p>}
      <ul>
        {found.map((folder) => (
          <li key={folder.sku}>
            <Link
              href={`/workspace/${encodeURIComponent(folder.sku)}`}
              className="workspace-row"
              aria-current={folder.sku === chosen ? "page" : undefined}
            >
              <Picture
                src={folder.thumbnail_url}
                alt=""
                className="workspace-thumbnail"
                onExpired={renew}
              />
              <span className="workspace-row-text">
                <span className="one-line workspace-sku">{folder.sku}</span>
                {folder.name !== folder.sku && <span className="meta one-line">{folder.name}</span>}
              </span>
              <span className="workspace-row-end">
                <StateWord folder={folder} />
                <span className="meta number">
                  {words.done(folder.counts.done, folder.counts.sources)}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {folders.hasNextPage && (
        <Button
          busy={folders.isFetchingNextPage ? shell.parts.loadingMore : undefined}
          onClick={() => void folders.fetchNextPage()}
        >
          {shell.parts.more}
        </Button>
      )}
    </nav>
  );
}
