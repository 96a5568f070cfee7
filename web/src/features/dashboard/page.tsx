import { Link } from "wouter";
import { shell, texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { useOpenJobs } from "../../shell/queries.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Breakers } from "./breakers.tsx";
import { NeedsCard } from "./needs-card.tsx";
import { Pictures } from "./pictures.tsx";
import { RunningCard } from "./running-card.tsx";
import { SpendCard } from "./spend-card.tsx";
import { Studios } from "./studios.tsx";
import { timeOfDay } from "./summary.ts";
import "./dashboard.css";

const OPEN_JOBS_EVERY = 2_000;

/** The first page: what runs, what it costs, what needs the user, and the newest pictures. */
export default function DashboardPage() {
  const words = texts("dashboard");
  const open = useOpenJobs(OPEN_JOBS_EVERY).data;
  const key = (open ?? []).map((job) => job.id).join();
  return (
    <>
      <PageHeader
        title={words[timeOfDay(new Date().getHours())]}
        crumb={shell.navigation.dashboard}
        actions={
          <>
            <ButtonLink href="/workspace" icon="upload">
              {words.upload}
            </ButtonLink>
            <ButtonLink href="/create" kind="primary" icon="sparkle">
              {words.create}
            </ButtonLink>
          </>
        }
      />
      <Breakers />
      <div className="dashboard-cards">
        <RunningCard open={open} refresh={key} />
        <SpendCard />
        <NeedsCard open={open ?? []} refresh={key} />
      </div>
      <Pictures
        refresh={key}
        action={
          <Link href="/assets" className="quiet-link">
            {words.openLibrary}
          </Link>
        }
      />
      <Studios />
    </>
  );
}
