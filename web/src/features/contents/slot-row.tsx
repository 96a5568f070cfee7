import { useEffect, useRef } from "react";
import type { Article, ContentQueue, Slot } from "../../api/contents.ts";
import { dimensions } from "../../i18n/format.ts";
import { shell, texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { copyText } from "../../ui/files.ts";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { Picture } from "../../ui/picture.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import { StatusChip } from "../../ui/status.tsx";
import { useAsset } from "./queries.ts";
import { isBlank, offersRun } from "./queue-rules.ts";
import { EditSlot } from "./slot-editor.tsx";
import { addressOf, fileOf, type View } from "./slots.ts";
import { useDownload } from "./use-download.ts";

export interface SlotActions {
  edit: (slot: Slot | null) => void;
  open: (slot: Slot) => void;
  remove: (slot: Slot) => void;
  /** Starts the run of the content. */
  generate: () => void;
  /** Makes one image, also if it was made before. */
  generateOne: (slot: Slot) => void;
}

function SlotStatus({
  slot,
  reason,
  busy,
  running,
  onGenerate,
}: {
  slot: Slot;
  reason: keyof ReturnType<typeof texts<"contents">>["reasons"] | undefined;
  busy: boolean;
  running: boolean;
  onGenerate: () => void;
}) {
  const words = texts("contents");
  return (
    <div className="slot-status">
      {offersRun(slot) && !running ? (
        <Button
          kind="fill"
          small
          icon="bolt"
          busy={busy ? words.starting : undefined}
          onClick={onGenerate}
        >
          {words.generateRow}
        </Button>
      ) : (
        <StatusChip status={slot.status} />
      )}
      {slot.error && <p className="slot-note tone-bad">{slot.error.message ?? slot.error.code}</p>}
      {reason && reason !== "not-pending" && <p className="slot-note">{words.reasons[reason]}</p>}
      {slot.notice && <p className="slot-note">{slot.notice}</p>}
    </div>
  );
}

/** Returns the width and height that the next run gives a slot; the first device decides them. */
function plannedSize(preview: ContentQueue | undefined, slot: Slot, view: View): string {
  const items = preview?.items.filter((item) => item.image_id === slot.id) ?? [];
  const item = items.find(({ devices: [first] }) => first === view || first === "all");
  const [width = null, height = null] = item?.size?.split("x").map(Number) ?? [];
  return dimensions(width, height);
}

function SlotPicture({ slot, view, onOpen }: { slot: Slot; view: View; onOpen: () => void }) {
  const words = texts("contents");
  const file = fileOf(addressOf(slot, view));
  const asset = useAsset(file?.assetId ?? null);
  const renew = useRenewal(asset);
  const picture = (
    <Picture
      src={asset.data?.thumbnail_url}
      alt={slot.alt_text ?? ""}
      className={`slot-picture slot-picture-${view}`}
      onExpired={renew}
    />
  );
  if (!file) return picture;
  return (
    <button
      type="button"
      className="slot-open"
      aria-label={`${words.open}: ${slot.label}`}
      onClick={onOpen}
    >
      {picture}
    </button>
  );
}

export function SlotRow({
  article,
  slot,
  view,
  preview,
  editing,
  busy,
  actions,
}: {
  article: Article;
  slot: Slot;
  view: View;
  preview: ContentQueue | undefined;
  editing: boolean;
  busy: boolean;
  actions: SlotActions;
}) {
  const words = texts("contents");
  const address = addressOf(slot, view);
  const file = fileOf(address);
  const asset = useAsset(file?.assetId ?? null).data;
  // A mobile file is cut out of the picture, so the picture's size is not its own.
  const whole = view === "desktop" || file?.rendition === null;
  const download = useDownload(article.title, slot);
  const prompt = useRef<HTMLButtonElement>(null);
  const edited = useRef(editing);
  useEffect(() => {
    if (edited.current && !editing) prompt.current?.focus();
    edited.current = editing;
  }, [editing]);
  const running = article.job_id !== null;
  const reason = preview?.excluded.find((one) => one.id === slot.id)?.reason;
  const items: MenuItem[] = [
    { label: words.edit, icon: "edit", onSelect: () => actions.edit(slot) },
  ];
  if (!isBlank(slot.prompt) && !running)
    items.push({
      label: slot.status === "pending" ? words.generateOne : words.again,
      icon: slot.status === "pending" ? "bolt" : "retry",
      onSelect: () => actions.generateOne(slot),
    });
  if (address)
    items.push(
      { label: words.open, icon: "expand", onSelect: () => actions.open(slot) },
      { label: words.download, icon: "download", onSelect: () => void download(view) },
      {
        label: words.copyAddress,
        icon: "copy",
        onSelect: () => void copyText(`${location.origin}${address}`, words.copied),
      },
    );
  items.push({
    label: words.delete,
    icon: "trash",
    danger: true,
    onSelect: () => actions.remove(slot),
  });
  return (
    <li className={editing ? "slot-row slot-row-editing" : "slot-row"}>
      <SlotPicture slot={slot} view={view} onOpen={() => actions.open(slot)} />
      <div className="slot-name">
        <h3>{slot.label}</h3>
        {slot.device !== "all" && <p className="meta">{words.onlyFor[slot.device]}</p>}
      </div>
      {editing ? (
        <EditSlot article={article} slot={slot} onDone={() => actions.edit(null)} />
      ) : (
        <>
          <div className="slot-words">
            <button
              ref={prompt}
              type="button"
              className="slot-prompt"
              title={slot.prompt ?? undefined}
              onClick={() => actions.edit(slot)}
            >
              <span className="visually-hidden">{words.editPrompt(slot.label)}: </span>
              {isBlank(slot.prompt) ? (
                <span className="muted">
                  {words.noPrompt}. {words.addPrompt}
                </span>
              ) : (
                slot.prompt
              )}
            </button>
            {slot.alt_text && (
              <p className="meta one-line slot-alt" title={slot.alt_text}>
                {words.altText(slot.alt_text)}
              </p>
            )}
          </div>
          <span className="number muted slot-size">
            {asset && whole && dimensions(asset.width, asset.height)}
            {!file && plannedSize(preview, slot, view)}
          </span>
          <SlotStatus
            slot={slot}
            reason={reason}
            busy={busy}
            running={running}
            onGenerate={actions.generate}
          />
          <Menu label={`${shell.parts.actions}: ${slot.label}`} items={items} />
        </>
      )}
    </li>
  );
}
