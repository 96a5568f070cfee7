import { Link } from "wouter";
import { ApiError } from "../../api/problem.ts";
import type { Estimate } from "../../api/studio.ts";
import { texts } from "../../i18n/index.ts";
import { amountText, dollars, microsOf, priceText } from "../../money.ts";
import { useMe } from "../../shell/queries.ts";
import { Button, CostButton, type Price } from "../../ui/button.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useProviders } from "./queries.ts";
import { judge, leftAfter, memberAt, type Refusal } from "./refusals.ts";

function priceOf(estimate: Estimate | undefined, waiting: boolean): Price {
  if (waiting) return { state: "estimating" };
  if (!estimate) return { state: "unknown" };
  const { amount } = estimate.total;
  if (amount === null || estimate.basis === "unknown") return { state: "unknown" };
  return { state: "known", text: priceText(amount) };
}

function RefusalNote({
  refusal,
  titleOf,
  price,
  onAuto,
}: {
  refusal: Refusal;
  titleOf: (provider: string) => string;
  price: string;
  /** Lets the studio choose the provider; absent where it does already. */
  onAuto?: () => void;
}) {
  const words = texts("create").refusals;
  return (
    <div className="create-refusal" role="alert">
      <Icon name="warning" size={16} />
      {refusal.kind === "key" && (
        <p>
          {words.key(titleOf(refusal.provider))} <Link href="/providers">{words.storeKey}</Link>{" "}
          {onAuto && (
            <Button kind="quiet" small onClick={onAuto}>
              {words.useAuto}
            </Button>
          )}
        </p>
      )}
      {refusal.kind === "maxCost" && <p>{words.maxCost(price)}</p>}
      {refusal.kind === "month" && <p>{words.month(dollars(refusal.over))}</p>}
      {refusal.kind === "unpriced" && <p>{refusal.text}</p>}
    </div>
  );
}

function SumLine({
  estimate,
  count,
  spent,
}: {
  estimate: Estimate;
  count: number;
  spent: string | undefined;
}) {
  const words = texts("create");
  const left = leftAfter(estimate);
  const each = estimate.per_item[0]?.cost.amount ?? null;
  const { amount } = estimate.total;
  return (
    <p className="create-sums">
      <span>
        {amount === null || each === null
          ? words.unknownPrice
          : microsOf(amount) === 0n
            ? words.free
            : words.perImage(count, priceText(each))}
      </span>
      {left !== null && left >= 0n && <span>{words.leaves(dollars(left))}</span>}
      {left === null && spent && <span>{words.noLimit(amountText(spent))}</span>}
    </p>
  );
}

/** The button that orders, with its price, what is left of the month, and what stands in the way. */
export function OrderBar({
  count,
  estimate,
  estimateError,
  faults,
  outdated,
  noPrompt,
  ordering,
  orderError,
  onOrder,
  onRetry,
  onAuto,
}: {
  count: number;
  estimate: Estimate | undefined;
  estimateError: unknown;
  /** Members that do not keep the operation's limits. */
  faults: readonly { member: string; text: string }[];
  outdated: boolean;
  noPrompt: boolean;
  ordering: boolean;
  orderError: unknown;
  onOrder: () => void;
  onRetry: () => void;
  /** Lets the studio choose the provider; absent where it does already. */
  onAuto?: () => void;
}) {
  const words = texts("create");
  const month = useMe().data?.month;
  const { refusals, notes } = estimate ? judge(estimate) : { refusals: [], notes: [] };
  const refused = estimateError instanceof ApiError ? (estimateError.problem.errors ?? []) : [];
  const wrong = [
    ...faults,
    ...refused.map((field) => ({ member: memberAt(field.pointer), text: field.detail })),
  ];
  const providers = useProviders().data ?? [];
  const price = priceOf(estimate, outdated);
  return (
    <div className="create-bar">
      {orderError !== null && <ProblemBanner error={orderError} onRetry={onRetry} />}
      {estimateError !== null && refused.length === 0 && <ProblemBanner error={estimateError} />}
      {wrong.map((field) => (
        <div key={field.member} className="create-refusal" role="alert">
          <Icon name="warning" size={16} />
          <p>{words.wrongField(field.member, field.text)}</p>
        </div>
      ))}
      {refusals.map((refusal) => (
        <RefusalNote
          key={refusal.kind}
          refusal={refusal}
          titleOf={(id) => providers.find((one) => one.id === id)?.title ?? id}
          price={price.state === "known" ? price.text : ""}
          {...(onAuto && { onAuto })}
        />
      ))}
      {notes.length > 0 && <p className="field-note">{notes.join(" ")}</p>}
      <CostButton
        label={words.generate(count)}
        price={price}
        busy={ordering ? words.ordering : undefined}
        disabled={noPrompt || refusals.length > 0 || wrong.length > 0}
        aria-describedby="create-sums"
        onClick={onOrder}
      />
      <div id="create-sums">
        {noPrompt ? (
          <p className="create-sums">
            <span>{words.noPrompt}</span>
          </p>
        ) : (
          estimate && <SumLine estimate={estimate} count={count} spent={month?.spent.amount} />
        )}
      </div>
    </div>
  );
}
