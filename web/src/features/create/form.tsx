import { useState } from "react";
import { integer } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field, Segment, Switch } from "../../ui/field.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Picture } from "../../ui/picture.tsx";
import { Advanced } from "./advanced.tsx";
import { shapesFor } from "./draft.ts";
import { EnhanceDialog } from "./enhance-dialog.tsx";
import { type FormState, modelOf, Select, TextField } from "./fields.tsx";
import { FilesFields } from "./files-fields.tsx";
import { ProviderField } from "./provider-field.tsx";
import { useOperation, usePersonas, useProviders } from "./queries.ts";
import { type Member, membersOf } from "./schema.ts";
import { ShapeGlyph, TemplatePicker } from "./template-picker.tsx";

function PromptField({ form, limit }: { form: FormState; limit: number }) {
  const words = texts("create");
  const [comparing, setComparing] = useState(false);
  const { draft, change } = form;
  const length = [...draft.prompt].length;
  return (
    <>
      <Field
        label={words.prompt}
        aside={<span className="number">{words.promptCount(integer(length), integer(limit))}</span>}
        error={length > limit ? words.promptLong(integer(limit)) : form.errorOf("prompt")}
      >
        {(control) => (
          <textarea
            {...control}
            className="input"
            rows={4}
            placeholder={words.promptPlaceholder}
            value={draft.prompt}
            onChange={(event) => change({ prompt: event.target.value })}
          />
        )}
      </Field>
      <div className="create-enhance">
        <Switch
          label={words.enhance}
          checked={draft.enhance}
          onChange={(enhance) => change({ enhance })}
        />
        <Button
          kind="quiet"
          small
          disabled={draft.prompt.trim() === ""}
          onClick={() => setComparing(true)}
        >
          {words.beforeAfter}
        </Button>
      </div>
      {comparing && (
        <EnhanceDialog
          prompt={draft.prompt.trim()}
          personaId={draft.personaId}
          onUse={(prompt) => {
            change({ prompt, enhance: false });
            setComparing(false);
          }}
          onClose={() => setComparing(false)}
        />
      )}
    </>
  );
}

function ShapeField({ form }: { form: FormState }) {
  const words = texts("create");
  const { draft, template, estimate, change } = form;
  const current = draft.size ? "" : draft.shape || template?.aspect_ratio || "1:1";
  const size = estimate?.per_item[0]?.size;
  return (
    <fieldset className="field">
      <div className="field-head">
        <legend>{words.shape}</legend>
        {size && <span className="muted number">{size.replace("x", " × ")}</span>}
      </div>
      <div className="create-shapes">
        {shapesFor(template).map((shape) => (
          <label key={shape} className="create-shape">
            <input
              type="radio"
              className="visually-hidden"
              name="shape"
              checked={shape === current}
              onChange={() => change({ shape, size: "" })}
            />
            <ShapeGlyph shape={shape} />
            {shape}
          </label>
        ))}
      </div>
      {form.errorOf("aspect_ratio") && (
        <p className="field-note tone-bad">
          <Icon name="alert" size={14} />
          {form.errorOf("aspect_ratio")}
        </p>
      )}
    </fieldset>
  );
}

function VariationsField({ form, limits }: { form: FormState; limits: Member | undefined }) {
  const words = texts("create");
  const most = limits?.maximum ?? 10;
  const { variations } = form.draft;
  const set = (value: number) => form.change({ variations: Math.min(most, Math.max(1, value)) });
  return (
    <div className="create-variations">
      <label htmlFor="create-variations">{words.variations}</label>
      <div className="create-stepper">
        <IconButton
          icon="minus"
          label={words.fewer}
          disabled={variations <= 1}
          onClick={() => set(variations - 1)}
        />
        <input
          id="create-variations"
          className="create-count"
          inputMode="numeric"
          value={variations}
          onChange={(event) => set(Number.parseInt(event.target.value, 10) || 1)}
          onFocus={(event) => event.target.select()}
        />
        <IconButton
          icon="plus"
          label={words.more}
          disabled={variations >= most}
          onClick={() => set(variations + 1)}
        />
      </div>
    </div>
  );
}

function SourceField({ form }: { form: FormState }) {
  const words = texts("create");
  return (
    <div className="field">
      <div className="field-head create-head">
        <h2>{words.source}</h2>
        <IconButton
          icon="close"
          label={words.sourceRemove}
          onClick={() => form.change({ sourceId: "", strength: "" })}
        />
      </div>
      <div className="create-source">
        <Picture src={form.sourceThumbnail} alt={words.source} className="create-source-picture" />
        <TextField form={form} name="strength" label={words.strength} hint={words.strengthHint} />
      </div>
      {form.errorOf("sources") && <p className="field-note tone-bad">{form.errorOf("sources")}</p>}
    </div>
  );
}

/** The fields of an order. What the operation's schema does not have is not drawn. */
export function OrderForm({ form }: { form: FormState }) {
  const words = texts("create");
  const operation = useOperation();
  const providers = useProviders().data ?? [];
  const personas = usePersonas().data ?? [];
  const [all, setAll] = useState(false);
  const { draft, template, change } = form;
  const members = membersOf(operation.data?.schema);
  const outputs = membersOf(operation.data?.schema, "output");
  const inputs = membersOf(operation.data?.schema, "input");
  const { model } = modelOf(providers, form.estimate);
  const qualities = members.quality?.options ?? [];
  return (
    <div className={all ? "create-order create-all" : "create-order"}>
      {operation.error && (
        <ProblemBanner error={operation.error} onRetry={() => void operation.refetch()} />
      )}
      <PromptField form={form} limit={model?.prompt_max ?? members.prompt?.maxLength ?? 4000} />
      {draft.sourceId && <SourceField form={form} />}
      <ShapeField form={form} />
      <Button
        className="create-toggle"
        icon="sliders"
        aria-expanded={all}
        onClick={() => setAll(!all)}
      >
        {words.allOptions}
      </Button>
      <div className="create-rest">
        <TemplatePicker
          prompt={draft.prompt}
          chosen={draft.templateId}
          template={template}
          onChoose={(templateId) => change({ templateId })}
        />
        {personas.length > 0 && (
          <Field label={words.persona} error={form.errorOf("persona_id")}>
            {(control) => (
              <Select
                control={control}
                value={draft.personaId}
                onChange={(personaId) => change({ personaId })}
              >
                <option value="">{words.personaNone}</option>
                {personas.map((persona) => (
                  <option key={persona.id} value={persona.id}>
                    {persona.title ?? persona.id}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <ProviderField form={form} providers={providers} />
        {qualities.length > 0 && (
          <div className="field">
            <span className="create-label" aria-hidden="true">
              {words.quality}
            </span>
            <Segment
              label={words.quality}
              value={draft.quality || template?.quality || "standard"}
              options={qualities.map((value) => ({
                value,
                label: words.qualities[value] ?? value,
              }))}
              onChange={(quality) => change({ quality })}
            />
          </div>
        )}
        <VariationsField form={form} limits={members.variations} />
        <details className="create-advanced">
          <summary>
            <Icon name="chevronRight" size={16} />
            {words.output}
            <span className="create-summary muted one-line">
              {[words.formatNames[draft.format || "webp"], ...draft.formats].join(", ")}
            </span>
          </summary>
          <div className="create-fields">
            <FilesFields form={form} limits={outputs} />
          </div>
        </details>
        <Advanced form={form} members={members} inputs={inputs} providers={providers} />
      </div>
    </div>
  );
}
