/** The texts of each page, named like its folder under `features/`; `queue` belongs to `jobs/`. */
import type jobs from "./en/jobs.ts";
import type queue from "./en/queue.ts";

export interface PageTexts {
  jobs: typeof jobs;
  queue: typeof queue;
}
