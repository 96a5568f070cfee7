import { Link } from "wouter";
import { ApiError } from "../../api/problem.ts";
import type { Estimate } from "../../api/studio.ts";
import { texts } from "../../i18n/index.ts";
import { amountText, dollars, microsOf, priceText } from "../../money.ts";
import { useMe } from "../../shell/queries.ts";
import { Button, CostButton, type Price } from "../../ui/button.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Icon } from "../../ui/icons.tsx";
import { judge, leftAfter, type Refusal } from "./refusals.ts";

function priceOf(estimate: Estimate | undefined, waiting: boolean): Price {
  if (waiting) return { state: "estimating" };
  if (!estimate) return { state: "unknown" };
  const { amount } = estimate.total;
  if (amount === null || estimate.basis === "unknown") return { state: "unknown" };
  return { state: "known", text: priceText(amount) };
}

function RefusalNote({
  refusal,
  price,
  onAuto,
}: {
  refusal: Refusal;
  price: string;
  onAuto: () => void;
}) {
  const words = texts("create").refusals;
  return (
    <div className="create-refusal" role="alert">
      <Icon name="warning" size={16} />
      {refusal.kind === "key" && (
        <p>
          {words.key(refusal.provider)} <Link href="/providers">{words.storeKey}</Link>{" "}
          <Button kind="quiet" small onClick={onAuto}>
            {words.useAuto}
          </Button>
        </p>
      )}
      {refusal.kind === "maxCost" && <p>{words.maxCost(price)}</p>}
      {refusal.kind === "month" && <p>{words.month(dollars(refusal.over))}</p>}
      {refusal.kind === "unpriced" && <p>{refusal.text}</p>}
    </div>
  );
}

function SumLine({ estimate, count }: { estimate: Estimate; count: number }) {
  const words = texts("create");
  const month = useMe().data?.month;
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
      {left === null && month && <span>{words.noLimit(amountText(month.spent.amount))}</span>}
    </p>
  );
}

/** The button that orders, with its price, what is left of the month, and what stands in the way. */
export function OrderBar({
  count,
  estimate,
  estimateError,
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
  outdated: boolean;
  noPrompt: boolean;
  ordering: boolean;
  orderError: unknown;
  onOrder: () => void;
  onRetry: () => void;
  onAuto: () => void;
}) {
  const words = texts("create");
  const { refusals, notes } = estimate ? judge(estimate) : { refusals: [], notes: [] };
  const wrongFields = estimateError instanceof ApiError && estimateError.problem.status === 422;
  const price = priceOf(estimate, outdated);
  return (
    <div className="create-bar">
      {orderError !== null && <ProblemBanner error={orderError} onRetry={onRetry} />}
      {estimateError !== null && !outdated && <ProblemBanner error={estimateError} />}
      {refusals.map((refusal) => (
        <RefusalNote
          key={refusal.kind}
          refusal={refusal}
          price={price.state === "known" ? price.text : ""}
          onAuto={onAuto}
        />
      ))}
      {notes.map((note) => (
        <p key={note} className="field-note create-remark">
          <Icon name="alert" size={14} />
          {note}
        </p>
      ))}
      <CostButton
        label={words.generate(count)}
        price={price}
        busy={ordering ? words.ordering : undefined}
        disabled={noPrompt || refusals.length > 0 || wrongFields}
        aria-describedby="create-sums"
        onClick={onOrder}
      />
      <div id="create-sums">
        {noPrompt ? (
          <p className="create-sums">
            <span>{words.noPrompt}</span>
          </p>
        ) : (
          estimate && <SumLine estimate={estimate} count={count} />
        )}
      </div>
    </div>
  );
}
