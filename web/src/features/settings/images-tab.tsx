import { useState } from "react";
import type { Versioned } from "../../api/etag.ts";
import {
  type ImageGenerationConfig,
  type ImageGenerationSettings,
  imageGenerationSettings,
  storeImageGeneration,
} from "../../api/settings.ts";
import { texts } from "../../i18n/index.ts";
import { AsyncStatusBanner } from "../../ui/feedback.tsx";
import { Segment, Switch } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { LoadedSettings, refusalOf, SettingsForm } from "./form.tsx";
import { ModelFields } from "./model-fields.tsx";
import { useStoreSettings } from "./queries.ts";
import { isSize } from "./size.ts";
import { SizeField } from "./size-field.tsx";

const KEY = ["settings", "image-generation"] as const;
const LIMITS = ["1", "2", "3", "4", "5"] as const;

function Choice<Value extends string>({
  label,
  hint,
  value,
  options,
  onChange,
}: {
  label: string;
  hint?: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}) {
  return (
    <div className="settings-group">
      <p className="settings-label" aria-hidden="true">
        {label}
      </p>
      <Segment label={label} value={value} options={options} onChange={onChange} />
      {hint && <p className="field-note">{hint}</p>}
    </div>
  );
}

function Devices({
  draft,
  error,
  change,
}: {
  draft: ImageGenerationConfig;
  error: unknown;
  change: (part: Partial<ImageGenerationConfig>) => void;
}) {
  const words = texts("settings").images;
  const noDevice = !draft.desktop_enabled && !draft.mobile_enabled;
  return (
    <div className="settings-group">
      <p className="settings-label">{words.devices}</p>
      <div className="settings-pair">
        <div className="settings-device">
          <Switch
            label={words.desktop}
            checked={draft.desktop_enabled}
            onChange={(desktop_enabled) => change({ desktop_enabled })}
          />
          <SizeField
            label={words.desktopSize}
            value={draft.desktop_size}
            error={refusalOf(error, "/desktop_size")}
            onChange={(desktop_size) => change({ desktop_size })}
          />
        </div>
        <div className="settings-device">
          <Switch
            label={words.mobile}
            checked={draft.mobile_enabled}
            onChange={(mobile_enabled) => change({ mobile_enabled })}
          />
          <SizeField
            label={words.mobileSize}
            value={draft.mobile_size}
            error={refusalOf(error, "/mobile_size")}
            onChange={(mobile_size) => change({ mobile_size })}
          />
        </div>
      </div>
      {noDevice && (
        <p className="field-note tone-bad" role="alert">
          {words.noDevice}
        </p>
      )}
    </div>
  );
}

function Form({
  stored,
  onReload,
}: {
  stored: Versioned<ImageGenerationSettings>;
  onReload: () => void;
}) {
  const words = texts("settings");
  const { config, source, updated_at, warnings } = stored.document;
  const [draft, setDraft] = useState(config);
  const store = useStoreSettings(KEY, storeImageGeneration);
  const change = (part: Partial<ImageGenerationConfig>) => setDraft({ ...draft, ...part });
  const valid =
    isSize(draft.desktop_size) &&
    isSize(draft.mobile_size) &&
    (draft.desktop_enabled || draft.mobile_enabled);
  return (
    <>
      {warnings.map((warning) => (
        <AsyncStatusBanner key={warning} tone="warn">
          {warning}
        </AsyncStatusBanner>
      ))}
      <SettingsForm
        title={words.images.title}
        intro={words.images.intro}
        aside={
          <span className="count-chip">
            {source === "stored" ? words.images.stored : words.images.default}
          </span>
        }
        updatedAt={updated_at}
        needs="manager"
        dirty={JSON.stringify(draft) !== JSON.stringify(config)}
        saving={store.isPending}
        error={store.error}
        onSave={() => {
          if (!valid) return;
          store.mutate(
            { etag: stored.etag, body: draft },
            {
              onSuccess: ({ document }) => {
                setDraft(document.config);
                toast(words.saved);
              },
            },
          );
        }}
        onDiscard={() => {
          store.reset();
          setDraft(config);
        }}
        onReload={onReload}
      >
        <ModelFields
          provider={draft.provider}
          model={draft.model}
          providerError={refusalOf(store.error, "/provider")}
          modelError={refusalOf(store.error, "/model")}
          onChange={(provider, model) => change({ provider, model })}
        />
        <Choice
          label={words.images.type}
          value={draft.image_type}
          options={(["realistic", "artistic", "cartoon"] as const).map((value) => ({
            value,
            label: words.images.types[value],
          }))}
          onChange={(image_type) => change({ image_type })}
        />
        <Choice
          label={words.images.limit}
          hint={words.images.limitHint}
          value={String(draft.max_in_article_images)}
          options={LIMITS.map((value) => ({ value: value as string, label: value }))}
          onChange={(value) => change({ max_in_article_images: Number(value) })}
        />
        <Choice
          label={words.images.format}
          value={draft.image_format}
          options={(["webp", "jpg", "png"] as const).map((value) => ({
            value,
            label: words.images.formats[value],
          }))}
          onChange={(image_format) => change({ image_format })}
        />
        <Devices draft={draft} error={store.error} change={change} />
        <div className="settings-group">
          <Switch
            label={words.images.separate}
            checked={draft.separate_generation}
            onChange={(separate_generation) => change({ separate_generation })}
          />
          <p className="field-note">{words.images.separateHint}</p>
        </div>
      </SettingsForm>
    </>
  );
}

/** The account's settings of the images of contents. */
export function ImagesTab() {
  return (
    <LoadedSettings settingsKey={KEY} load={imageGenerationSettings}>
      {(stored, reload) => <Form stored={stored} onReload={reload} />}
    </LoadedSettings>
  );
}
