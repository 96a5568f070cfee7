import { useState } from "react";
import type { Versioned } from "../../api/etag.ts";
import { changeUserSettings, type UserSettings, userSettings } from "../../api/settings.ts";
import { texts } from "../../i18n/index.ts";
import { toast } from "../../ui/toast.tsx";
import { LoadedSettings, refusalOf, SettingsForm } from "./form.tsx";
import { ModelFields } from "./model-fields.tsx";
import { QualityField } from "./quality-field.tsx";
import { useStoreSettings } from "./queries.ts";
import { isSize } from "./size.ts";
import { SizeField } from "./size-field.tsx";

const KEY = ["settings", "mine"] as const;

/** Returns what the form holds: an empty text for what is not chosen. */
function draftOf({ model, output_size, quality }: UserSettings) {
  return {
    provider: model?.provider ?? "",
    model: model?.id ?? null,
    size: output_size ?? "",
    quality,
  };
}

function Form({ stored, onReload }: { stored: Versioned<UserSettings>; onReload: () => void }) {
  const words = texts("settings");
  const before = draftOf(stored.document);
  const [draft, setDraft] = useState(before);
  const store = useStoreSettings(KEY, changeUserSettings);
  function save(): void {
    if (draft.size !== "" && !isSize(draft.size)) return;
    const body = {
      model: draft.provider ? { provider: draft.provider, id: draft.model } : null,
      output_size: draft.size || null,
      quality: draft.quality,
    };
    store.mutate(
      { etag: stored.etag, body },
      {
        onSuccess: ({ document }) => {
          setDraft(draftOf(document));
          toast(words.saved);
        },
      },
    );
  }
  return (
    <SettingsForm
      title={words.mine.title}
      intro={words.mine.intro}
      updatedAt={stored.document.updated_at}
      needs="creator"
      dirty={JSON.stringify(draft) !== JSON.stringify(before)}
      saving={store.isPending}
      error={store.error}
      onSave={save}
      onDiscard={() => {
        store.reset();
        setDraft(before);
      }}
      onReload={onReload}
    >
      <ModelFields
        provider={draft.provider}
        model={draft.model}
        none={words.mine.automatic}
        providerError={refusalOf(store.error, "/model/provider")}
        modelError={refusalOf(store.error, "/model/id")}
        onChange={(provider, chosen) => setDraft({ ...draft, provider, model: chosen })}
      />
      <SizeField
        label={words.mine.size}
        hint={words.mine.sizeHint}
        optional
        value={draft.size}
        error={refusalOf(store.error, "/output_size")}
        onChange={(size) => setDraft({ ...draft, size })}
      />
      <QualityField
        label={words.mine.quality}
        value={draft.quality}
        onChange={(value) => setDraft({ ...draft, quality: value })}
      />
    </SettingsForm>
  );
}

/** What the user proposes to themselves in new orders. */
export function MineTab() {
  return (
    <LoadedSettings settingsKey={KEY} load={userSettings}>
      {(stored, reload) => <Form stored={stored} onReload={reload} />}
    </LoadedSettings>
  );
}
