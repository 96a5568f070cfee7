import { texts } from "../../i18n/index.ts";
import { SectionHeader } from "../../ui/card.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { Picture } from "../../ui/picture.tsx";
import { useRenewal } from "../../ui/renewal.ts";
import { useEarlier } from "./queries.ts";

/** The jobs of today, but the one that is shown. A press shows its images. */
export function Earlier({
  shown,
  onOpen,
}: {
  shown: string | null;
  onOpen: (jobId: string) => void;
}) {
  const words = texts("create");
  const query = useEarlier();
  const renew = useRenewal(query);
  const jobs = query.data?.filter((job) => job.id !== shown && job.thumbnail_url) ?? [];
  if (query.error)
    return <ProblemBanner error={query.error} onRetry={() => void query.refetch()} />;
  if (jobs.length === 0) return null;
  return (
    <section>
      <SectionHeader title={words.earlier} count={words.earlierCount(jobs.length)} />
      <ul className="create-earlier">
        {jobs.map((job) => (
          <li key={job.id}>
            <button
              type="button"
              className="create-earlier-job"
              title={job.name ?? job.operation}
              onClick={() => onOpen(job.id)}
            >
              <Picture
                src={job.thumbnail_url}
                alt={words.earlierJob(job.name ?? job.operation, job.counts.total)}
                onExpired={renew}
              />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
