import { useState } from "react";
import type { Versioned } from "../../api/etag.ts";
import { type AccountSettings, accountSettings, storeAccountDefaults } from "../../api/settings.ts";
import { texts } from "../../i18n/index.ts";
import { Switch } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { LoadedSettings, SettingsForm } from "./form.tsx";
import { QualityField } from "./quality-field.tsx";
import { useStoreSettings } from "./queries.ts";

const KEY = ["settings", "account"] as const;

function Form({ stored, onReload }: { stored: Versioned<AccountSettings>; onReload: () => void }) {
  const words = texts("settings");
  const { defaults, updated_at } = stored.document;
  const [draft, setDraft] = useState(defaults);
  const store = useStoreSettings(KEY, storeAccountDefaults);
  return (
    <SettingsForm
      title={words.account.title}
      intro={words.account.intro}
      updatedAt={updated_at}
      needs="manager"
      dirty={draft.quality !== defaults.quality || draft.enhance_prompt !== defaults.enhance_prompt}
      saving={store.isPending}
      error={store.error}
      onSave={() =>
        store.mutate(
          { etag: stored.etag, body: draft },
          {
            onSuccess: ({ document }) => {
              setDraft(document.defaults);
              toast(words.saved);
            },
          },
        )
      }
      onDiscard={() => {
        store.reset();
        setDraft(defaults);
      }}
      onReload={onReload}
    >
      <QualityField
        label={words.account.quality}
        value={draft.quality}
        onChange={(quality) => setDraft({ ...draft, quality })}
      />
      <div className="settings-group">
        <Switch
          label={words.account.enhance}
          checked={draft.enhance_prompt}
          onChange={(enhance_prompt) => setDraft({ ...draft, enhance_prompt })}
        />
        <p className="field-note">{words.account.enhanceHint}</p>
      </div>
    </SettingsForm>
  );
}

/** What the account proposes in new orders. */
export function AccountTab() {
  return (
    <LoadedSettings settingsKey={KEY} load={accountSettings}>
      {(stored, reload) => <Form stored={stored} onReload={reload} />}
    </LoadedSettings>
  );
}
