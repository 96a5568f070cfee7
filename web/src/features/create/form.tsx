import { type ReactNode, useState } from "react";
import type { Estimate, Provider, Template } from "../../api/studio.ts";
import { integer } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { type ControlProps, Field, Segment, Switch } from "../../ui/field.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Picture } from "../../ui/picture.tsx";
import { AUTO, type Draft, shapesFor } from "./draft.ts";
import { EnhanceDialog } from "./enhance-dialog.tsx";
import { FormatsDialog } from "./formats-dialog.tsx";
import { useOperation, usePersonas, useProviders } from "./queries.ts";
import { type Member, membersOf } from "./schema.ts";
import { ShapeGlyph, TemplatePicker } from "./template-picker.tsx";

export interface FormState {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** Returns the message about a member of the order, such as `prompt`. */
  errorOf: (member: string) => string | undefined;
  estimate: Estimate | undefined;
  template: Template | undefined;
  sourceThumbnail: string | undefined;
}

type TextMember =
  | "widths"
  | "strength"
  | "size"
  | "seed"
  | "steps"
  | "guidance"
  | "folder"
  | "label"
  | "maxCost";

function TextField({
  form,
  name,
  member,
  label,
  hint,
  limits,
  placeholder,
}: {
  form: FormState;
  name: TextMember;
  /** Name in the order, where it differs. */
  member?: string;
  label: string;
  hint?: string | undefined;
  limits?: Member | undefined;
  placeholder?: string;
}) {
  return (
    <Field label={label} hint={hint} error={form.errorOf(member ?? name)}>
      {(control) => (
        <input
          {...control}
          className="input"
          value={form.draft[name]}
          placeholder={placeholder}
          inputMode={limits?.maximum === undefined ? "text" : "decimal"}
          maxLength={limits?.maxLength}
          onChange={(event) => form.change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

function Select({
  control,
  value,
  onChange,
  children,
}: {
  control: ControlProps;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <select
      {...control}
      className="input"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {children}
    </select>
  );
}

function modelOf(providers: readonly Provider[], estimate: Estimate | undefined) {
  const choice = estimate?.provider_choice[0];
  const provider = providers.find((one) => one.id === choice?.id);
  const model = provider?.models.find((one) => one.id === choice?.model);
  return { choice, provider, model };
}

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

function ProviderField({ form, providers }: { form: FormState; providers: readonly Provider[] }) {
  const words = texts("create");
  const { choice, provider, model } = modelOf(providers, form.estimate);
  const asked = form.draft.provider;
  const byHand = asked !== "" && asked !== AUTO;
  const chosen = [provider?.title, model?.title].filter(Boolean).join(", ");
  return (
    <Field
      label={words.provider}
      hint={byHand ? undefined : choice?.reason}
      error={
        form.errorOf("provider") ?? form.errorOf("provider/id") ?? form.errorOf("provider/model")
      }
    >
      {(control) => (
        <Select
          control={control}
          value={form.draft.provider}
          onChange={(value) => form.change({ provider: value })}
        >
          <option value="">{words.providerAuto(asked === "" ? chosen : "")}</option>
          <option value={AUTO}>{words.providerStudio(asked === AUTO ? chosen : "")}</option>
          {providers.map((one) => {
            const models = one.models.filter((each) => each.operations.includes("generate"));
            return (
              models.length > 0 && (
                <optgroup key={one.id} label={one.title}>
                  {models.map((each) => (
                    <option key={each.id} value={`${one.id} ${each.id}`}>
                      {each.title}
                    </option>
                  ))}
                </optgroup>
              )
            );
          })}
        </Select>
      )}
    </Field>
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

function FilesFields({ form, limits }: { form: FormState; limits: Record<string, Member> }) {
  const words = texts("create");
  const [open, setOpen] = useState(false);
  const { draft, change } = form;
  return (
    <>
      <Field label={words.format} error={form.errorOf("output/format")}>
        {(control) => (
          <Select control={control} value={draft.format} onChange={(format) => change({ format })}>
            <option value="">{words.formatDefault}</option>
            {limits.format?.options
              ?.filter((format) => format !== "webp")
              .map((format) => (
                <option key={format} value={format}>
                  {words.formatNames[format] ?? format}
                </option>
              ))}
          </Select>
        )}
      </Field>
      <TextField
        form={form}
        name="widths"
        member="output/renditions"
        label={words.widths}
        hint={words.widthsHint}
      />
      <div className="create-wide create-row">
        <span className="create-row-name">
          {words.formats}{" "}
          <span className="muted">
            {draft.formats.length > 0
              ? words.formatsChosen(draft.formats.length)
              : words.formatsNone}
          </span>
        </span>
        <Button small icon="shapes" onClick={() => setOpen(true)}>
          {words.formatsChoose}
        </Button>
      </div>
      {form.errorOf("output/formats") && (
        <p className="field-note tone-bad create-wide">{form.errorOf("output/formats")}</p>
      )}
      {open && (
        <FormatsDialog
          chosen={draft.formats}
          onChange={(formats) => change({ formats })}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function Advanced({
  form,
  members,
  inputs,
  providers,
}: {
  form: FormState;
  members: Record<string, Member>;
  inputs: Record<string, Member>;
  providers: readonly Provider[];
}) {
  const words = texts("create");
  const { draft, change } = form;
  const { model } = modelOf(providers, form.estimate);
  const takes = model?.parameters;
  const hint = (taken: unknown) => (takes && !taken ? words.ignored : undefined);
  const numbers = [
    { name: "seed", label: words.seed, taken: takes?.seed },
    { name: "steps", label: words.steps, taken: takes?.steps },
    { name: "guidance", label: words.guidance, taken: takes?.guidance },
  ] as const;
  return (
    <details className="create-advanced">
      <summary>
        <Icon name="chevronRight" size={16} />
        {words.advanced}
        <span className="create-summary muted one-line">{words.advancedSummary}</span>
      </summary>
      <div className="create-fields">
        {members.negative_prompt && (
          <div className="create-wide">
            <Field
              label={words.negative}
              hint={hint(takes?.negative_prompt)}
              error={form.errorOf("negative_prompt")}
            >
              {(control) => (
                <textarea
                  {...control}
                  className="input create-negative"
                  rows={2}
                  maxLength={members.negative_prompt?.maxLength}
                  value={draft.negative}
                  onChange={(event) => change({ negative: event.target.value })}
                />
              )}
            </Field>
          </div>
        )}
        {numbers.map(
          ({ name, label, taken }) =>
            members[name] && (
              <TextField
                key={name}
                form={form}
                name={name}
                label={label}
                limits={members[name]}
                hint={hint(taken)}
                placeholder={words.automatic}
              />
            ),
        )}
        <TextField form={form} name="size" label={words.size} hint={words.sizeHint} />
        {Object.entries(inputs).map(([name, limits]) => (
          <Field
            key={name}
            label={limits.description ?? name}
            hint={model && !model.inputs.includes(name) ? words.ignored : undefined}
            error={form.errorOf(`input/${name}`)}
          >
            {(control) => (
              <Select
                control={control}
                value={draft.input[name] ?? ""}
                onChange={(value) => change({ input: { ...draft.input, [name]: value } })}
              >
                <option value="">{words.inputDefault}</option>
                {limits.options?.map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </Select>
            )}
          </Field>
        ))}
        <TextField form={form} name="folder" label={words.folder} />
        <TextField form={form} name="label" label={words.label} limits={members.label} />
        <TextField form={form} name="maxCost" member="max_cost" label={words.maxCost} />
        <div className="create-wide">
          <Switch
            label={words.strict}
            checked={draft.strict}
            onChange={(strict) => change({ strict })}
          />
        </div>
      </div>
    </details>
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
