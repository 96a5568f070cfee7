import { useState } from "react";
import type { Asset } from "../../api/assets.ts";
import { ApiError } from "../../api/problem.ts";
import { dimensions } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { usePlatformFormats, usePlatforms } from "../../platforms/queries.ts";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Field, Segment } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { bodyOfForm, FITS, FORMATS, type Purpose } from "./new-file.ts";
import { useNewRendition } from "./queries.ts";

type Refusal = ApiError | null;

function PlatformFields({ problem }: { problem: Refusal }) {
  const words = texts("assets");
  const platforms = usePlatforms();
  const [wanted, setWanted] = useState<string>("");
  const known = platforms.data ?? [];
  const platform = known.find((one) => one.id === wanted) ?? known[0];
  if (platforms.error)
    return <ProblemBanner error={platforms.error} onRetry={() => void platforms.refetch()} />;
  if (!platform) return <LoadingSkeleton rows={2} height={56} />;
  return (
    <>
      <Field label={words.platform}>
        {(control) => (
          <select
            {...control}
            className="input"
            value={platform.id}
            onChange={(event) => setWanted(event.target.value)}
          >
            {known.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <FormatField key={platform.id} platform={platform.id} problem={problem} />
    </>
  );
}

function FormatField({
  platform,
  problem,
}: {
  platform: Parameters<typeof usePlatformFormats>[0];
  problem: Refusal;
}) {
  const words = texts("assets");
  const known = usePlatformFormats(platform);
  if (known.error)
    return <ProblemBanner error={known.error} onRetry={() => void known.refetch()} />;
  if (!known.data) return <LoadingSkeleton rows={1} height={56} />;
  return (
    <Field
      label={words.platformFormat}
      hint={words.platformFormatHint}
      error={problem?.field("/export")}
    >
      {(control) => (
        <select {...control} className="input" name="export">
          {known.data.formats.map((format) => (
            <option key={format.id} value={format.id}>
              {`${format.name} · ${dimensions(format.width, format.height)}`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function NumberField({
  name,
  label,
  hint,
  least,
  most,
  value = "",
  problem,
  member = name,
}: {
  name: string;
  label: string;
  hint?: string;
  least: number;
  most: number;
  value?: number | string;
  problem: Refusal;
  member?: string;
}) {
  return (
    <Field label={label} hint={hint} error={problem?.field(`/${member}`)}>
      {(control) => (
        <input
          {...control}
          className="input"
          name={name}
          type="number"
          min={least}
          max={most}
          defaultValue={value}
        />
      )}
    </Field>
  );
}

function SizeFields({ asset, problem }: { asset: Asset; problem: Refusal }) {
  const words = texts("assets");
  return (
    <>
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
          <NumberField
            key={member}
            name={member}
            label={words[member]}
            least={1}
            most={16383}
            value={asset[member] ?? ""}
            problem={problem}
          />
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
      <div className="assets-form-row">
        <NumberField
          name="quality"
          label={words.quality}
          hint={words.qualityHint}
          least={1}
          most={100}
          problem={problem}
        />
        <NumberField
          name="limit"
          member="max_bytes"
          label={words.limit}
          hint={words.limitHint}
          least={1}
          most={67108}
          problem={problem}
        />
      </div>
    </>
  );
}

/** Orders one file of an asset: the format of a platform, or a size. It costs nothing. */
export function NewFileDialog({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const words = texts("assets");
  const make = useNewRendition(asset.id);
  const [purpose, setPurpose] = useState<Purpose>("size");
  const problem = make.error instanceof ApiError ? make.error : null;

  function submit(form: FormData): void {
    make.mutate(bodyOfForm(form, purpose), {
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
      <Segment
        label={words.purpose}
        value={purpose}
        onChange={setPurpose}
        options={[
          { value: "size", label: words.purposes.size },
          { value: "platform", label: words.purposes.platform },
        ]}
      />
      {purpose === "size" ? (
        <SizeFields asset={asset} problem={problem} />
      ) : (
        <PlatformFields problem={problem} />
      )}
    </FormDialog>
  );
}
