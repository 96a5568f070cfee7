import type { FormEvent } from "react";
import type { Batch, BatchImport } from "../../api/batches.ts";
import { ApiError } from "../../api/problem.ts";
import { includesRole } from "../../api/roles.ts";
import { texts } from "../../i18n/index.ts";
import { priceText } from "../../money.ts";
import { useMe } from "../../shell/queries.ts";
import { CostButton, type Price } from "../../ui/button.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { priceKind } from "./counts.ts";
import { PriceOfTable } from "./money.tsx";
import { useSubmit } from "./queries.ts";

const MAX_CONCURRENCY = 10;

function priceOf(table: BatchImport): Price {
  const { amount, unknown_images } = table.estimate;
  if (amount === null || unknown_images > 0) return { state: "unknown" };
  return { state: "known", text: priceText(amount) };
}

/** The settings of the batch and the button that runs it, with its price. */
export function StartCard({
  table,
  onStarted,
}: {
  table: BatchImport;
  onStarted: (batch: Batch) => void;
}) {
  const words = texts("batch");
  const me = useMe().data;
  const order = useSubmit(table.id, onStarted);
  const problem = order.error instanceof ApiError ? order.error : null;
  const free = priceKind(table.estimate) === "free";
  const allowed = me === undefined || includesRole(me.role, "creator");

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const limit = String(form.get("max_cost")).trim();
    const name = String(form.get("name")).trim();
    order.start({
      concurrency: Number(form.get("concurrency")),
      ...(name && { name }),
      ...(limit && { max_cost: limit }),
    });
  }

  return (
    <GlassyCard className="batch-start">
      <form className="batch-form" onSubmit={submit}>
        <p className="batch-sum">
          <PriceOfTable table={table} />
        </p>
        <p className="muted">
          {free
            ? words.free
            : table.estimate.amount !== null && words.atMost(priceText(table.estimate.amount))}
        </p>
        <Field label={words.name} error={problem?.field("/name")}>
          {(control) => (
            <input
              {...control}
              className="input"
              name="name"
              maxLength={200}
              defaultValue={table.name ?? ""}
            />
          )}
        </Field>
        <Field
          label={words.concurrency}
          hint={words.concurrencyHint}
          error={problem?.field("/concurrency")}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              name="concurrency"
              type="number"
              min={1}
              max={MAX_CONCURRENCY}
              defaultValue={1}
              required
            />
          )}
        </Field>
        <Field label={words.maxCost} hint={words.maxCostHint} error={problem?.field("/max_cost")}>
          {(control) => (
            <input
              {...control}
              className="input"
              name="max_cost"
              inputMode="decimal"
              pattern="[0-9]{1,9}(\.[0-9]{1,6})?"
            />
          )}
        </Field>
        {order.error && !problem?.problem.errors && (
          <ProblemBanner error={order.error} onRetry={order.again} />
        )}
        <CostButton
          type="submit"
          icon="layers"
          label={words.start(table.counts.valid)}
          price={priceOf(table)}
          busy={order.isPending ? words.starting : undefined}
          disabled={!allowed}
        />
        {!allowed && <p className="muted">{words.viewer}</p>}
      </form>
    </GlassyCard>
  );
}
