import { useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { type Content, deleteContent, readContent, type Slot } from "../../api/contents.ts";
import { dateTime } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { DropCover, useDrop } from "../../ui/drop.tsx";
import { Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Segment } from "../../ui/field.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Picture } from "../../ui/picture.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import { StatusChip } from "../../ui/status.tsx";
import { CreateDialog } from "./create-dialog.tsx";
import { ImportButton, ImportReport, useImport } from "./import.tsx";
import { useContents, useDelayedDelete, useNewestPictures } from "./queries.ts";
import "./contents.css";

const states = ["pending", "generated", "failed"] as const;

function stateOf(text: string | null): Slot["status"] | undefined {
  return states.find((state) => state === text);
}

function Counts({ content }: { content: Content }) {
  const words = texts("contents");
  const { counts, job_id } = content;
  return (
    <span className="contents-chips">
      {job_id && <StatusChip status="running" label={words.running} />}
      {(["generated", "pending", "failed"] as const).map(
        (state) =>
          counts[state] > 0 && (
            <StatusChip key={state} status={state} label={words.counts[state](counts[state])} />
          ),
      )}
      {counts.images === 0 && <span className="muted">{words.noImages}</span>}
    </span>
  );
}

function ContentRow({
  content,
  picture,
  onExpired,
  onDelete,
}: {
  content: Content;
  picture: string | undefined;
  onExpired: () => void;
  onDelete: () => void;
}) {
  const words = texts("contents");
  const path = `/contents/${content.id}`;
  return (
    <li className="contents-row">
      <Picture src={picture} alt="" className="contents-thumbnail" onExpired={onExpired} />
      <div className="contents-name">
        <Link href={path} className="contents-title one-line" title={content.title}>
          {content.title}
        </Link>
        <p className="meta one-line">{content.external_ref}</p>
      </div>
      <Counts content={content} />
      <span className="contents-updated muted">{dateTime(content.updated_at)}</span>
      <Menu
        label={`${shell.parts.actions}: ${content.title}`}
        items={[{ label: words.delete, icon: "trash", danger: true, onSelect: onDelete }]}
      />
    </li>
  );
}

function ReferenceSearch({ value, onFind }: { value: string; onFind: (value: string) => void }) {
  const words = texts("contents");
  return (
    <search>
      <form
        key={value}
        className="contents-search"
        onSubmit={(event) => {
          event.preventDefault();
          onFind(String(new FormData(event.currentTarget).get("reference") ?? "").trim());
        }}
      >
        <input
          type="search"
          name="reference"
          className="input"
          defaultValue={value}
          aria-label={words.referenceSearch}
          title={words.referenceHint}
          placeholder={words.referenceSearch}
          maxLength={200}
        />
        <button type="submit" className="icon-button" aria-label={words.find} title={words.find}>
          <Icon name="search" />
        </button>
      </form>
    </search>
  );
}

export default function ContentsPage() {
  const words = texts("contents");
  const api = useApi();
  const [, go] = useLocation();
  const [search, setSearch] = useSearchParams();
  const [creating, setCreating] = useState(false);
  const status = stateOf(search.get("show"));
  const reference = search.get("reference") ?? "";
  const contents = useContents({ status, external_ref: reference });
  const pictures = useNewestPictures();
  const renew = useRenewal(pictures);
  const deletion = useDelayedDelete();
  const importing = useImport();
  const drop = useDrop((files) => void importing.read(files));
  const rows = (contents.data?.pages.flatMap((page) => page.data) ?? []).filter(
    (content) => !deletion.hidden.has(content.id),
  );
  const filtered = status !== undefined || reference !== "";

  function show(changes: { show?: string; reference?: string }): void {
    const next = { show: status ?? "", reference, ...changes };
    setSearch(Object.entries(next).filter(([, value]) => value !== ""));
  }

  function remove(content: Content): void {
    deletion.remove({
      ...content,
      text: words.deleted(content.title),
      read: readContent(api, content.id),
      run: (etag) => deleteContent(api, content.id, etag),
    });
  }

  const start = (
    <>
      <ImportButton importing={importing} />
      <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
        {words.create}
      </Button>
    </>
  );
  const empty = contents.data !== undefined && rows.length === 0;
  return (
    <div className="contents" {...drop.handlers}>
      <PageHeader title={words.title} actions={!empty || filtered ? start : null} />
      {drop.over && <DropCover text={words.drop} />}
      {(!empty || filtered) && (
        <div className="contents-filters">
          <Segment
            label={words.filter}
            value={status ?? "all"}
            options={[
              { value: "all", label: words.all },
              ...states.map((state) => ({ value: state, label: words[state] })),
            ]}
            onChange={(value) => show({ show: value === "all" ? "" : value })}
          />
          <ReferenceSearch value={reference} onFind={(value) => show({ reference: value })} />
        </div>
      )}
      <ImportReport importing={importing} />
      {contents.error && (
        <ProblemBanner error={contents.error} onRetry={() => void contents.refetch()} />
      )}
      {contents.isPending && <LoadingSkeleton rows={6} height={72} />}
      {empty && !filtered && (
        <Empty icon="file" title={words.emptyTitle} actions={start}>
          {words.empty}
        </Empty>
      )}
      {empty && filtered && (
        <Empty
          icon="search"
          title={words.noneTitle}
          actions={<Button onClick={() => setSearch({})}>{words.showAll}</Button>}
        >
          {words.none}
        </Empty>
      )}
      {rows.length > 0 && (
        <GlassyCard>
          <div className="contents-row contents-head" aria-hidden="true">
            <span />
            <span>{words.content}</span>
            <span>{words.images}</span>
            <span className="contents-updated">{words.updated}</span>
            <span />
          </div>
          <ul>
            {rows.map((content) => (
              <ContentRow
                key={content.id}
                content={content}
                picture={pictures.data?.get(content.id)}
                onExpired={renew}
                onDelete={() => remove(content)}
              />
            ))}
          </ul>
        </GlassyCard>
      )}
      {contents.hasNextPage && (
        <Button
          busy={contents.isFetchingNextPage ? shell.parts.loadingMore : undefined}
          onClick={() => void contents.fetchNextPage()}
        >
          {shell.parts.more}
        </Button>
      )}
      {creating && (
        <CreateDialog
          onClose={() => setCreating(false)}
          onCreated={(id) => go(`/contents/${id}`)}
        />
      )}
    </div>
  );
}
