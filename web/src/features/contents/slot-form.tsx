/** The form of an image slot, in its row: place, device, prompt, alt text. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Slot, SlotBody } from "../../api/contents.ts";
import { ApiError } from "../../api/problem.ts";
import { shell, texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { ConflictBanner, isConflict } from "./conflict.tsx";
import { freeDevices, freePlaces } from "./slots.ts";

export interface SlotValues {
  position: number | null;
  device: NonNullable<SlotBody["device"]>;
  prompt: string;
  alt_text: string;
}

export function bodyOfSlot(values: SlotValues): SlotBody {
  return {
    type: values.position === null ? "featured" : "in_article",
    position: values.position,
    device: values.device,
    prompt: values.prompt.trim() || null,
    alt_text: values.alt_text.trim() || null,
  };
}

export function SlotForm({
  slots,
  slot,
  initial,
  submit,
  busy,
  note,
  error,
  theirs,
  onSubmit,
  onTake,
  onCancel,
}: {
  slots: readonly Slot[];
  /** The slot that is changed, left out for a new one. */
  slot?: Slot;
  initial: SlotValues;
  submit: string;
  busy: string | undefined;
  note?: string | undefined;
  error: unknown;
  /** What the slot says now, after a conflict. */
  theirs?: Slot | null;
  onSubmit: (values: SlotValues, keep: boolean) => void;
  onTake?: () => void;
  onCancel: () => void;
}) {
  const words = texts("contents");
  const [values, setValues] = useState(initial);
  const prompt = useRef<HTMLTextAreaElement>(null);
  useEffect(() => prompt.current?.focus(), []);
  const wrong = error instanceof ApiError ? error : null;
  const places = freePlaces(slots, slot?.id);
  const devices = freeDevices(slots, values.position, slot?.id);
  const conflict = isConflict(error);
  const onField = ["position", "device", "prompt", "alt_text"].some((name) =>
    wrong?.field(`/${name}`),
  );

  function move(place: string): void {
    const position = place === "" ? null : Number(place);
    const free = freeDevices(slots, position, slot?.id);
    const device = free.includes(values.device) ? values.device : (free[0] ?? "all");
    setValues({ ...values, position, device });
  }

  function keys(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      onCancel();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSubmit(values, false);
    }
  }

  return (
    <form
      className="slot-form"
      onKeyDown={keys}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(values, false);
      }}
    >
      <Field label={words.fields.prompt} hint={note} error={wrong?.field("/prompt")}>
        {(control) => (
          <textarea
            {...control}
            ref={prompt}
            className="input"
            value={values.prompt}
            onChange={(event) => setValues({ ...values, prompt: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={words.fields.altText}
        hint={words.fields.altTextHint}
        aside={shell.parts.optional}
        error={wrong?.field("/alt_text")}
      >
        {(control) => (
          <input
            {...control}
            className="input"
            maxLength={1000}
            value={values.alt_text}
            onChange={(event) => setValues({ ...values, alt_text: event.target.value })}
          />
        )}
      </Field>
      <div className="slot-form-place">
        <Field label={words.fields.place} error={wrong?.field("/position")}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={values.position ?? ""}
              onChange={(event) => move(event.target.value)}
            >
              {places.map((place) => (
                <option key={place ?? 0} value={place ?? ""}>
                  {words.place(place)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.fields.device} error={wrong?.field("/device")}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={values.device}
              onChange={(event) => {
                const device = devices.find((one) => one === event.target.value);
                if (device) setValues({ ...values, device });
              }}
            >
              {devices.map((device) => (
                <option key={device} value={device}>
                  {words.devices[device ?? "all"]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="slot-form-buttons">
          <Button kind="quiet" onClick={onCancel}>
            {shell.parts.cancel}
          </Button>
          <Button kind="fill" type="submit" busy={busy}>
            {submit}
          </Button>
        </div>
      </div>
      {conflict && theirs && onTake && (
        <ConflictBanner
          theirs={theirs.prompt}
          onKeep={() => onSubmit(values, true)}
          onTake={onTake}
        />
      )}
      {wrong && !onField && !(conflict && theirs) && <ProblemBanner error={wrong} />}
      {error !== null && !wrong && <ProblemBanner error={error} />}
    </form>
  );
}
