import { useState } from "react";
import {
  type Article,
  type ContentQueue,
  deleteSlot,
  readSlot,
  type Slot,
} from "../../api/contents.ts";
import { texts } from "../../i18n/index.ts";
import { QueueDialog } from "../../jobs/queue-dialog.tsx";
import { priceText } from "../../money.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { useApi } from "../../studio.tsx";
import { Button, CostButton, type Price } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { AsyncStatusBanner, Empty, LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Segment } from "../../ui/field.tsx";
import { isMissing, Missing } from "../../ui/missing.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { DetailsDialog } from "./details-dialog.tsx";
import { PictureDialog } from "./picture-dialog.tsx";
import { useContent, useDelayedDelete, useQueuePreview } from "./queries.ts";
import { AddSlot } from "./slot-editor.tsx";
import { type SlotActions, SlotRow } from "./slot-row.tsx";
import { freePlaces, type View } from "./slots.ts";
import { useRun } from "./use-run.ts";
import "./contents.css";

const ADDING = "new";
const ADD_BUTTON = "add-image";

function priceOf(preview: ContentQueue | undefined): Price {
  if (!preview) return { state: "estimating" };
  const { amount, basis } = preview.estimate?.likely ?? { amount: null, basis: "unknown" };
  if (amount === null || basis === "unknown") return { state: "unknown" };
  return { state: "known", text: priceText(amount) };
}

function Sums({ article, preview }: { article: Article; preview: ContentQueue | undefined }) {
  const words = texts("contents");
  const price = priceOf(preview);
  const sums: string[] = [];
  const excluded = preview?.excluded.filter((one) => one.reason !== "not-pending").length ?? 0;
  if (preview && preview.total > 0)
    sums.push(price.state === "known" ? words.left(price.text) : words.leftUnknown);
  if (excluded > 0) sums.push(words.excludedOf(excluded));
  return (
    <p className="contents-chips contents-sums">
      {(["generated", "pending", "failed"] as const).map(
        (state) =>
          article.counts[state] > 0 && (
            <StatusChip
              key={state}
              status={state}
              label={words.counts[state](article.counts[state])}
            />
          ),
      )}
      <span className="muted">{sums.join(" · ")}</span>
    </p>
  );
}

/** The page of one content: its slots, and the run that makes their images. */
export default function ContentPage({ params }: { params: Record<string, string | undefined> }) {
  const id = params.id ?? "";
  const words = texts("contents");
  const api = useApi();
  const content = useContent(id);
  const article = content.data?.document;
  const preview = useQueuePreview(id, article?.updated_at).data;
  const [view, setView] = useState<View>("desktop");
  const [editing, setEditing] = useState<string | null>(null);
  const [details, setDetails] = useState(false);
  const [shown, setShown] = useState<Slot | null>(null);
  const deletion = useDelayedDelete();
  const running = useRun(deletion.flush);
  const path = [{ label: words.title, path: "/contents" }];

  if (isMissing(content.error))
    return (
      <Missing title={words.missingTitle} href="/contents" action={words.showAll}>
        {words.missing}
      </Missing>
    );
  if (!article)
    return (
      <>
        <PageHeader title={words.content} path={path} />
        {content.error ? (
          <ProblemBanner error={content.error} onRetry={() => void content.refetch()} />
        ) : (
          <LoadingSkeleton rows={5} height={96} />
        )}
      </>
    );

  const slots = article.images.filter((slot) => !deletion.hidden.has(slot.id));
  const visible = { ...article, images: slots };
  const openJob = article.job_id;
  const actions: SlotActions = {
    edit: (slot) => setEditing(slot?.id ?? null),
    open: setShown,
    generate: () => void running.start(visible),
    generateOne: (slot) =>
      void running.start(visible, { image_ids: [slot.id], force: slot.status !== "pending" }),
    remove: (slot) => {
      deletion.remove({
        ...slot,
        text: words.deleted(slot.label),
        read: readSlot(api, slot),
        run: (etag) => deleteSlot(api, slot, etag),
      });
    },
  };
  const { run, other } = running;
  function endAdding(): void {
    setEditing(null);
    requestAnimationFrame(() => document.getElementById(ADD_BUTTON)?.focus());
  }
  // The rows tell themselves why they are left out.
  const said = new Set(preview?.excluded.map((one) => one.detail));
  const warnings = preview?.warnings.filter((warning) => !said.has(warning)) ?? [];
  const order = openJob ? (
    <Button kind="primary" icon="layers" onClick={() => running.watch(id, openJob)}>
      {words.openQueue}
    </Button>
  ) : preview?.total === 0 ? (
    <Button icon="bolt" disabled>
      {words.generateNone}
    </Button>
  ) : (
    <CostButton
      icon="bolt"
      label={words.generate(preview?.total ?? 0)}
      price={priceOf(preview)}
      disabled={!preview}
      busy={running.starting ? words.starting : undefined}
      onClick={actions.generate}
    />
  );
  return (
    <>
      <PageHeader
        title={article.title}
        path={path}
        below={<Sums article={article} preview={preview} />}
        actions={
          <>
            <Button icon="file" onClick={() => setDetails(true)}>
              {words.details}
            </Button>
            {slots.length > 0 && <div className="contents-order">{order}</div>}
          </>
        }
      />
      {content.error && (
        <ProblemBanner error={content.error} onRetry={() => void content.refetch()} />
      )}
      {openJob && <AsyncStatusBanner tone="info">{words.jobRuns}</AsyncStatusBanner>}
      {slots.length === 0 && editing !== ADDING && (
        <Empty
          icon="image"
          title={words.noSlotsTitle}
          actions={
            <Button kind="primary" icon="plus" onClick={() => setEditing(ADDING)}>
              {words.addImage}
            </Button>
          }
        >
          {words.noSlots}
        </Empty>
      )}
      {slots.length > 0 && (
        <GlassyCard
          title={words.images}
          count={slots.length}
          action={
            <Segment
              label={words.preview}
              value={view}
              options={[
                { value: "desktop", label: words.devices.desktop },
                { value: "mobile", label: words.devices.mobile },
              ]}
              onChange={setView}
            />
          }
          footer={
            warnings.length > 0 && (
              <div className="contents-warnings">
                <h3>{words.warnings}</h3>
                <ul>
                  {warnings.map((warning) => (
                    <li key={warning}>{warning}</li>
                  ))}
                </ul>
              </div>
            )
          }
        >
          <div className="slot-row slot-head" aria-hidden="true">
            <span />
            <span>{words.slot}</span>
            <span>{words.prompt}</span>
            <span className="number">{words.size}</span>
            <span>{words.status}</span>
            <span />
          </div>
          <ul>
            {slots.map((slot) => (
              <SlotRow
                key={slot.id}
                article={visible}
                slot={slot}
                view={view}
                preview={preview}
                editing={editing === slot.id}
                busy={running.starting}
                actions={actions}
              />
            ))}
          </ul>
        </GlassyCard>
      )}
      {editing === ADDING ? (
        <GlassyCard title={words.addTitle} className="contents-add">
          <AddSlot article={visible} onDone={endAdding} />
        </GlassyCard>
      ) : (
        slots.length > 0 && (
          <div>
            <Button
              id={ADD_BUTTON}
              icon="plus"
              disabled={freePlaces(slots).length === 0}
              onClick={() => setEditing(ADDING)}
            >
              {words.addImage}
            </Button>
            {freePlaces(slots).length === 0 && <p className="field-note">{words.full}</p>}
          </div>
        )
      )}
      {details && content.data && (
        <DetailsDialog base={content.data} onClose={() => setDetails(false)} />
      )}
      {shown && (
        <PictureDialog article={article} slot={shown} view={view} onClose={() => setShown(null)} />
      )}
      <QueueDialog
        open={run !== null}
        queue={run?.queue ?? []}
        total={run?.queue.length ?? 0}
        jobId={run?.jobId ?? null}
        refusal={run?.refusal ?? null}
        onShown={running.send}
        onClose={running.close}
        onRetry={running.retry}
      />
      {other && (
        <Dialog
          title={words.otherJobTitle}
          icon="layers"
          onClose={running.forget}
          footer={
            <Button kind="primary" onClick={() => running.watch(id, other)}>
              {words.openQueue}
            </Button>
          }
        >
          <p>{words.otherJob}</p>
        </Dialog>
      )}
    </>
  );
}
