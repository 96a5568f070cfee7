import { Link } from "wouter";
import type { components } from "../../api/schema.d.ts";
import { integer } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton } from "../../ui/feedback.tsx";
import { Icon, type IconName } from "../../ui/icons.tsx";
import { useBreakers, useRecentJobs } from "./queries.ts";
import { needsOf } from "./summary.ts";

type Job = components["schemas"]["ListedJob"];

const DAYS = 7;

function Need({
  icon,
  label,
  count,
  href,
}: {
  icon: IconName;
  label: string;
  count: number;
  href: string;
}) {
  return (
    <li>
      <Link href={href} className="dashboard-need">
        <Icon name={icon} />
        <span>{label}</span>
        <strong className={count === 0 ? "number muted" : "number"}>{integer(count)}</strong>
        <Icon name="chevronRight" size={16} />
      </Link>
    </li>
  );
}

/** What the studio cannot settle by itself. */
export function NeedsCard({ open, refresh }: { open: readonly Job[]; refresh: string }) {
  const words = texts("dashboard");
  const jobs = useRecentJobs(refresh).data;
  const resting = useBreakers().reduce((sum, { models }) => sum + models.length, 0);
  const needs = needsOf(jobs ?? [], Date.now() - DAYS * 86_400_000);
  const waiting = open.filter((job) => job.waiting).length;
  return (
    <GlassyCard title={words.needs} action={<span className="muted">{words.needsSpan(DAYS)}</span>}>
      {!jobs && (
        <div className="dashboard-body">
          <LoadingSkeleton rows={3} height={36} />
        </div>
      )}
      {jobs && (
        <ul>
          <Need
            icon="alert"
            label={words.failedImages}
            count={needs.failedImages}
            href="/jobs?show=failed"
          />
          <Need
            icon="question"
            label={words.unknownCosts}
            count={needs.unknownCosts}
            href="/jobs?show=failed"
          />
          <Need icon="hourglass" label={words.waitingJobs} count={waiting} href="/jobs?show=open" />
          <Need icon="plug" label={words.restingModels} count={resting} href="/providers" />
        </ul>
      )}
    </GlassyCard>
  );
}
