import { useState } from "react";
import type { Platform } from "../../api/studio.ts";
import { dimensions } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { usePlatformFormats, usePlatforms } from "../../platforms/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";

function Choice({
  id,
  name,
  note,
  chosen,
  onChange,
}: {
  id: string;
  name: string;
  note: string;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const others = chosen.filter((one) => one !== id);
  return (
    <label className="create-check">
      <input
        type="checkbox"
        checked={chosen.includes(id)}
        onChange={(event) => onChange(event.target.checked ? [...chosen, id] : others)}
      />
      <span className="create-check-name">{name}</span>
      <span className="meta number">{note}</span>
    </label>
  );
}

function PlatformFormats({
  platform,
  chosen,
  onChange,
}: {
  platform: Platform["id"];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const words = texts("create");
  const known = usePlatformFormats(platform);
  if (known.error)
    return <ProblemBanner error={known.error} onRetry={() => void known.refetch()} />;
  if (!known.data) return <LoadingSkeleton rows={4} height={36} />;
  return (
    <>
      <h3 className="meta">{words.presets}</h3>
      {known.data.presets.map((preset) => (
        <Choice
          key={preset.id}
          id={preset.id}
          name={preset.name}
          note={preset.about}
          chosen={chosen}
          onChange={onChange}
        />
      ))}
      <h3 className="meta">{words.singles}</h3>
      {known.data.formats.map((format) => (
        <Choice
          key={format.id}
          id={format.id}
          name={format.name}
          note={dimensions(format.width, format.height)}
          chosen={chosen}
          onChange={onChange}
        />
      ))}
    </>
  );
}

/** Chooses formats of platforms, or sets of them, that are made of each image. */
export function FormatsDialog({
  chosen,
  onChange,
  onClose,
}: {
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  onClose: () => void;
}) {
  const words = texts("create");
  const platforms = usePlatforms().data ?? [];
  const [wanted, setWanted] = useState<string>("");
  const platform = platforms.find((one) => one.id === wanted) ?? platforms[0];
  return (
    <Dialog
      title={words.formatsTitle}
      context={words.formatsHint}
      icon="shapes"
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <div className="create-formats">
        <Field label={words.templatePlatform}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={platform?.id ?? ""}
              onChange={(event) => setWanted(event.target.value)}
            >
              {platforms.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {platform && <PlatformFormats platform={platform.id} chosen={chosen} onChange={onChange} />}
      </div>
    </Dialog>
  );
}
