import { monthName } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { dollars, microsOf, share } from "../../money.ts";
import { useMe } from "../../shell/queries.ts";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton } from "../../ui/feedback.tsx";

function Legend({ kind, label, amount }: { kind: string; label: string; amount: bigint }) {
  return (
    <li>
      <span className={`dashboard-key dashboard-key-${kind}`} aria-hidden="true" />
      <span className="muted">{label}</span> <span className="number">{dollars(amount)}</span>
    </li>
  );
}

/** The month's money against its limit: spent, reserved and left. */
export function SpendCard() {
  const words = texts("dashboard");
  const month = useMe().data?.month;
  const title = words.spend(monthName(new Date()));
  if (!month) {
    return (
      <GlassyCard title={title}>
        <div className="dashboard-body">
          <LoadingSkeleton rows={2} height={36} />
        </div>
      </GlassyCard>
    );
  }
  const spent = microsOf(month.spent.amount);
  const reserved = microsOf(month.reserved.amount);
  const limit = month.limit ? microsOf(month.limit.amount) : null;
  const left = limit === null ? null : limit - spent - reserved;
  const spentShare = limit === null ? 0 : Math.min(1, share(spent, limit));
  const reservedShare = limit === null ? 0 : Math.min(1 - spentShare, share(reserved, limit));
  return (
    <GlassyCard title={title}>
      <div className="dashboard-body dashboard-spend">
        <p>
          <span className="dashboard-figure">{dollars(spent)}</span>{" "}
          <span className="muted">
            {limit === null ? words.noLimit : words.ofLimit(dollars(limit))}
          </span>
        </p>
        {limit !== null && (
          <svg
            className={
              left !== null && left < 0n ? "dashboard-bar dashboard-bar-over" : "dashboard-bar"
            }
            viewBox="0 0 100 10"
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <defs>
              <pattern
                id="dashboard-hatch"
                width="1.6"
                height="10"
                patternUnits="userSpaceOnUse"
                patternTransform="skewX(-8)"
              >
                <rect width="0.8" height="10" />
              </pattern>
            </defs>
            <rect className="dashboard-bar-track" width="100" height="10" />
            <rect
              className="dashboard-bar-reserved"
              x={spentShare * 100}
              width={reservedShare * 100}
              height="10"
              fill="url(#dashboard-hatch)"
            />
            <rect className="dashboard-bar-spent" width={spentShare * 100} height="10" />
          </svg>
        )}
        <ul className="dashboard-legend">
          <Legend kind="spent" label={words.spent} amount={spent} />
          <Legend kind="reserved" label={words.reserved} amount={reserved} />
          {left !== null && left >= 0n && <Legend kind="left" label={words.left} amount={left} />}
          {left !== null && left < 0n && <Legend kind="over" label={words.over} amount={-left} />}
        </ul>
        <p className="meta">{words.utc}</p>
      </div>
    </GlassyCard>
  );
}
