import { useState } from "react";
import { Link } from "wouter";
import { percent } from "../i18n/format.ts";
import { shell } from "../i18n/index.ts";
import { Bar } from "../ui/bar.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Picture } from "../ui/picture.tsx";
import { useOpenJobs } from "./queries.ts";

/** Tells on every page how many jobs run, and opens them. */
export function QueueButton() {
  const jobs = useOpenJobs().data ?? [];
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        id="queue-button"
        type="button"
        className="queue-button"
        onClick={() => setOpen(true)}
      >
        <Icon name={jobs.length > 0 ? "ring" : "layers"} />
        <span className="number" aria-hidden="true">
          {jobs.length}
        </span>
        <span className="visually-hidden">{shell.queue.button(jobs.length)}</span>
      </button>
      {/* Parts of a button are no live region. */}
      <span className="visually-hidden" role="status">
        {shell.queue.button(jobs.length)}
      </span>
      {open && (
        <Dialog
          title={shell.queue.title}
          icon="layers"
          onClose={() => setOpen(false)}
          footer={
            <ButtonLink href="/jobs" kind="fill">
              {shell.queue.all}
            </ButtonLink>
          }
        >
          {jobs.length === 0 && <p className="muted">{shell.queue.empty}</p>}
          <ul className="queue-list">
            {jobs.map((job) => (
              <li key={job.id}>
                <Link
                  href={`/jobs/${job.id}?queue`}
                  className="queue-job"
                  onClick={() => setOpen(false)}
                >
                  <Picture src={job.thumbnail_url} alt="" className="queue-thumbnail" />
                  <span className="queue-name one-line">{job.name ?? job.operation}</span>
                  <span className="number">{percent(job.progress.percent)}</span>
                  <Bar value={job.progress.percent} label={job.name ?? job.operation} />
                </Link>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
