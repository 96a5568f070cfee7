/** Adding a slot, and changing one in its row. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type Article, addSlot, changeSlot, readSlot, type Slot } from "../../api/contents.ts";
import { texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { isConflict } from "./conflict.tsx";
import { useReloadContents } from "./queries.ts";
import { bodyOfSlot, SlotForm, type SlotValues } from "./slot-form.tsx";
import { freeDevices, freePlaces } from "./slots.ts";

function valuesOf(slot: Slot): SlotValues {
  return {
    position: slot.position,
    device: slot.device,
    prompt: slot.prompt ?? "",
    alt_text: slot.alt_text ?? "",
  };
}

/** Returns the members that differ, so that what was not touched stays as it is. */
function changesOf(slot: Slot, values: SlotValues) {
  const before = bodyOfSlot(valuesOf(slot));
  const after = bodyOfSlot(values);
  const names = ["type", "position", "device", "prompt", "alt_text"] as const;
  return Object.fromEntries(
    names.filter((name) => before[name] !== after[name]).map((name) => [name, after[name]]),
  );
}

export function EditSlot({
  article,
  slot,
  onDone,
}: {
  article: Article;
  slot: Slot;
  onDone: () => void;
}) {
  const words = texts("contents");
  const api = useApi();
  const reload = useReloadContents();
  // The tag of what the form began with; a change since then is a conflict.
  const base = useQuery({
    queryKey: ["content slot", slot.id],
    queryFn: () => readSlot(api, slot),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const began = base.data?.document;
  const save = useMutation({
    mutationFn: async ({ values, keep }: { values: SlotValues; keep: boolean }) => {
      const based = keep || !base.data ? await readSlot(api, slot) : base.data;
      const changes = changesOf(based.document, values);
      if (Object.keys(changes).length > 0) await changeSlot(api, slot, based.etag, changes);
    },
    onSuccess: async () => {
      await reload();
      onDone();
    },
  });
  const conflict = isConflict(save.error);
  const now = useQuery({
    queryKey: ["content slot", slot.id, "now", save.submittedAt],
    enabled: conflict,
    queryFn: () => readSlot(api, slot),
  });
  if (base.error) return <ProblemBanner error={base.error} onRetry={() => void base.refetch()} />;
  if (!began) return <LoadingSkeleton rows={1} height={220} />;
  return (
    <SlotForm
      slots={article.images}
      slot={slot}
      initial={valuesOf(began)}
      submit={words.save}
      busy={save.isPending ? words.saving : undefined}
      note={slot.status === "pending" ? undefined : words.toPending}
      error={now.error ?? save.error}
      theirs={now.data?.document ?? null}
      onSubmit={(values, keep) => save.mutate({ values, keep })}
      onTake={() => void reload().then(onDone)}
      onCancel={onDone}
    />
  );
}

export function AddSlot({ article, onDone }: { article: Article; onDone: () => void }) {
  const words = texts("contents");
  const api = useApi();
  const reload = useReloadContents();
  const [position = null] = freePlaces(article.images);
  const [device = "all"] = freeDevices(article.images, position);
  const add = useMutation({
    mutationFn: (values: SlotValues) => addSlot(api, article.id, bodyOfSlot(values)),
    onSuccess: async () => {
      await reload();
      onDone();
    },
  });
  return (
    <SlotForm
      slots={article.images}
      initial={{ position, device, prompt: "", alt_text: "" }}
      submit={words.add}
      busy={add.isPending ? words.saving : undefined}
      error={add.error}
      onSubmit={(values) => add.mutate(values)}
      onCancel={onDone}
    />
  );
}
