import { useState } from "react";
import type { Template } from "../../api/studio.ts";
import { texts } from "../../i18n/index.ts";
import { usePlatforms } from "../../platforms/queries.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { ratioOf } from "./draft.ts";
import { useSuggestedTemplates, useTemplateSearch } from "./queries.ts";

const SUGGESTED = 4;
const GLYPH = 26;

/** The outline of a shape, as large as a glyph of text. */
export function ShapeGlyph({ shape }: { shape: string }) {
  const ratio = Math.min(3, Math.max(1 / 3, ratioOf(shape)));
  const width = ratio >= 1 ? GLYPH : GLYPH * ratio;
  const height = ratio >= 1 ? GLYPH / ratio : GLYPH;
  return (
    <svg className="create-glyph" width={GLYPH + 2} height={GLYPH + 2} aria-hidden="true">
      <rect
        x={(GLYPH + 2 - width) / 2}
        y={(GLYPH + 2 - height) / 2}
        width={width}
        height={height}
        rx="3"
      />
    </svg>
  );
}

function nameOf(template: Template): string {
  return template.title ?? template.id;
}

function TemplateDialog({
  chosen,
  onChoose,
  onClose,
}: {
  chosen: string;
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  const words = texts("create");
  const [search, setSearch] = useState("");
  const [platform, setPlatform] = useState("");
  const platforms = usePlatforms().data ?? [];
  const found = useTemplateSearch(search, platform);
  return (
    <Dialog wide title={words.templatePick} icon="layers" onClose={onClose}>
      <div className="create-search">
        <Field label={words.templateSearch}>
          {(control) => (
            <input
              {...control}
              type="search"
              className="input"
              placeholder={words.templateSearchPlaceholder}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
        </Field>
        <Field label={words.templatePlatform}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={platform}
              onChange={(event) => setPlatform(event.target.value)}
            >
              <option value="">{words.templateAny}</option>
              {platforms.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {found.isPending && <LoadingSkeleton rows={4} height={72} />}
      {found.error && <ProblemBanner error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && <p className="muted">{words.templateNothing}</p>}
      <ul className="create-templates">
        {found.data?.map((template) => (
          <li key={template.id}>
            <button
              type="button"
              className="create-template"
              aria-pressed={template.id === chosen}
              onClick={() => onChoose(template.id)}
            >
              <ShapeGlyph shape={template.aspect_ratio ?? "1:1"} />
              <span className="create-template-text">
                <strong>{nameOf(template)}</strong>
                <span className="meta">
                  {[template.builtin ? null : words.templateOwn, template.aspect_ratio]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
                {template.description && (
                  <span className="create-description muted">{template.description}</span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** The templates that fit the prompt, and the way to all of them. */
export function TemplatePicker({
  prompt,
  chosen,
  template,
  onChoose,
}: {
  prompt: string;
  chosen: string;
  template: Template | undefined;
  onChoose: (id: string) => void;
}) {
  const words = texts("create");
  const [open, setOpen] = useState(false);
  const suggested = useSuggestedTemplates(prompt, SUGGESTED).data ?? [];
  const others = suggested.filter((one) => one.id !== chosen);
  const shown = (template ? [template, ...others] : others).slice(0, SUGGESTED);
  return (
    <div className="field">
      <div className="field-head create-head">
        <h2>{words.template}</h2>
        <Button kind="quiet" small onClick={() => setOpen(true)}>
          {words.templateAll}
        </Button>
      </div>
      <ul className="create-suggested">
        {shown.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className="create-tile"
              aria-pressed={one.id === chosen}
              title={one.description ?? nameOf(one)}
              onClick={() => onChoose(one.id === chosen ? "" : one.id)}
            >
              <ShapeGlyph shape={one.aspect_ratio ?? "1:1"} />
              <span className="create-tile-name">{nameOf(one)}</span>
            </button>
          </li>
        ))}
      </ul>
      {template && (
        <p className="field-note create-chosen">
          <span className="create-style">
            {template.style.length > 0
              ? words.templateStyle(template.style.join(", "))
              : nameOf(template)}
          </span>
          <IconButton icon="close" label={words.templateRemove} onClick={() => onChoose("")} />
        </p>
      )}
      {open && (
        <TemplateDialog
          chosen={chosen}
          onChoose={(id) => {
            onChoose(id);
            setOpen(false);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}
