import { monthName, percent } from "../i18n/format.ts";
import { shell } from "../i18n/index.ts";
import { dollars, microsOf, share } from "../money.ts";
import { useMe } from "./queries.ts";

const SOFT_LIMIT = 0.8;

/** The month's money: spent, reserved, and what is left of the limit. */
export function BudgetMeter() {
  const month = useMe().data?.month;
  if (!month) return null;
  const spent = microsOf(month.spent.amount);
  const reserved = microsOf(month.reserved.amount);
  const limit = month.limit ? microsOf(month.limit.amount) : null;
  const used = limit === null ? 0 : share(spent + reserved, limit);
  const tone = used > 1 ? "bad" : used >= SOFT_LIMIT ? "warn" : "run";
  return (
    <div className={`budget budget-${tone}`}>
      <p className="budget-head">
        <span>{shell.budget.title(monthName(new Date()))}</span>
        {limit !== null && <strong>{percent(used * 100)}</strong>}
      </p>
      {limit !== null && (
        <svg
          className="budget-bar"
          viewBox="0 0 100 6"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <rect className="budget-track" width="100" height="6" rx="3" />
          <rect className="budget-reserved" width={Math.min(100, used * 100)} height="6" />
          <rect
            className="budget-spent"
            width={Math.min(100, share(spent, limit) * 100)}
            height="6"
          />
        </svg>
      )}
      <p className="meta">
        {limit === null
          ? shell.budget.spent(dollars(spent))
          : limit >= spent + reserved
            ? shell.budget.left(dollars(limit - spent - reserved), dollars(limit))
            : shell.budget.over(dollars(spent + reserved - limit))}
      </p>
    </div>
  );
}
