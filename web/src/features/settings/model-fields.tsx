import { texts } from "../../i18n/index.ts";
import { Field } from "../../ui/field.tsx";
import { useGenerators } from "./queries.ts";

/** A provider and one of its models. A stored model that is not offered any more stays in the list. */
export function ModelFields({
  provider,
  model,
  none,
  onChange,
  providerError,
  modelError,
}: {
  provider: string;
  model: string | null;
  /** The choice without a provider, if there is one. */
  none?: string;
  onChange: (provider: string, model: string | null) => void;
  providerError?: string | undefined;
  modelError?: string | undefined;
}) {
  const words = texts("settings").images;
  const generators = useGenerators().data ?? [];
  const models = generators.find((entry) => entry.id === provider)?.models ?? [];
  const offered = model === null || models.some((entry) => entry.id === model);
  const known = provider === "" || generators.some((entry) => entry.id === provider);
  return (
    <div className="settings-pair">
      <Field label={words.provider} error={providerError}>
        {(control) => (
          <select
            {...control}
            className="input"
            value={provider}
            onChange={(event) => onChange(event.target.value, null)}
          >
            {none !== undefined && <option value="">{none}</option>}
            {!known && <option value={provider}>{provider}</option>}
            {generators.map((entry) => (
              <option key={entry.id} value={entry.id}>
                {entry.title}
              </option>
            ))}
          </select>
        )}
      </Field>
      {provider !== "" && (
        <Field label={words.model} error={modelError}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={model ?? ""}
              onChange={(event) => onChange(provider, event.target.value || null)}
            >
              <option value="">{words.modelDefault}</option>
              {!offered && model !== null && <option value={model}>{words.other(model)}</option>}
              {models.map((entry) => (
                <option key={entry.id} value={entry.id}>
                  {entry.title}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </div>
  );
}
