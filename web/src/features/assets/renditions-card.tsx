import { useState } from "react";
import type { Asset, NewRendition, Rendition } from "../../api/assets.ts";
import { ApiError } from "../../api/problem.ts";
import { titleOf } from "../../assets/asset.ts";
import { bytes, dimensions } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { fileName } from "../../ui/file-names.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { DownloadButton } from "./download-button.tsx";
import { useNewRendition, useRenditions } from "./queries.ts";

const FITS = ["cover", "contain", "pad", "inside"] as const;
const FORMATS = ["webp", "jpg", "png", "avif"] as const;

function bodyOfForm(form: FormData): NewRendition {
  const size = (member: string) => Number(form.get(member)) || null;
  return {
    width: size("width"),
    height: size("height"),
    fit: FITS.find((fit) => fit === form.get("fit")) ?? "cover",
    format: FORMATS.find((format) => format === form.get("format")) ?? "webp",
    name: String(form.get("name")),
  };
}

function NewFileDialog({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const words = texts("assets");
  const make = useNewRendition(asset.id);
  const problem = make.error instanceof ApiError ? make.error : null;

  function submit(form: FormData): void {
    make.mutate(bodyOfForm(form), {
      onSuccess: (made) => {
        toast(words.madeFile(made.name));
        onClose();
      },
    });
  }

  return (
    <FormDialog
      title={words.newRendition}
      icon="image"
      submit={words.make}
      busy={make.isPending ? words.making : undefined}
      className="assets-form"
      onSubmit={submit}
      onClose={onClose}
    >
      {make.error && !problem?.problem.errors && <ProblemBanner error={make.error} />}
      <Field label={words.name} hint={words.nameHint} error={problem?.field("/name")}>
        {(control) => (
          <input
            {...control}
            className="input"
            name="name"
            pattern="[a-z0-9][a-z0-9_\-]{0,39}"
            defaultValue="web"
            required
          />
        )}
      </Field>
      <div className="assets-form-row">
        {(["width", "height"] as const).map((member) => (
          <Field key={member} label={words[member]} error={problem?.field(`/${member}`)}>
            {(control) => (
              <input
                {...control}
                className="input"
                name={member}
                type="number"
                min="1"
                max="16383"
                defaultValue={asset[member] ?? ""}
              />
            )}
          </Field>
        ))}
      </div>
      <div className="assets-form-row">
        <Field label={words.fit}>
          {(control) => (
            <select {...control} className="input" name="fit">
              {FITS.map((fit) => (
                <option key={fit} value={fit}>
                  {words.fits[fit]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.format} error={problem?.field("/format")}>
          {(control) => (
            <select {...control} className="input" name="format">
              {FORMATS.map((format) => (
                <option key={format}>{format}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </FormDialog>
  );
}

function RenditionRow({ asset, rendition }: { asset: Asset; rendition: Rendition }) {
  const words = texts("assets");
  const file = rendition.file;
  return (
    <li className="assets-file">
      <div className="assets-file-name">
        <p className="one-line">{rendition.name}</p>
        <p className="meta">
          {file
            ? `${dimensions(file.width, file.height)} · ${bytes(file.bytes)}`
            : words.notMade(rendition.problem)}
        </p>
        {rendition.warnings.map((warning) => (
          <p key={warning} className="meta tone-warn">
            {warning}
          </p>
        ))}
      </div>
      {file && (
        <DownloadButton
          assetId={asset.id}
          rendition={rendition.name}
          fileName={fileName([titleOf(asset) ?? "", rendition.name], file.media_type)}
        />
      )}
    </li>
  );
}

/** The files that were made of an asset, and a form that makes another. */
export function RenditionsCard({ asset }: { asset: Asset }) {
  const words = texts("assets");
  const renditions = useRenditions(asset.id);
  const [open, setOpen] = useState(false);
  return (
    <GlassyCard
      title={words.renditions}
      count={renditions.data?.length}
      action={
        <Button small icon="plus" onClick={() => setOpen(true)}>
          {words.newRendition}
        </Button>
      }
    >
      <div className="assets-card-body">
        {renditions.error && (
          <ProblemBanner error={renditions.error} onRetry={() => void renditions.refetch()} />
        )}
        {renditions.isPending && <LoadingSkeleton rows={2} height={44} />}
        {renditions.data?.length === 0 && <p className="muted">{words.noRenditions}</p>}
        <ul>
          {renditions.data?.map((rendition) => (
            <RenditionRow key={rendition.name} asset={asset} rendition={rendition} />
          ))}
        </ul>
      </div>
      {open && <NewFileDialog asset={asset} onClose={() => setOpen(false)} />}
    </GlassyCard>
  );
}
