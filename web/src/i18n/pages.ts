/** The texts of each page, named like its folder under `features/`; `queue` belongs to `jobs/`. */
import type contents from "./en/contents.ts";
import type dashboard from "./en/dashboard.ts";
import type jobs from "./en/jobs.ts";
import type providers from "./en/providers.ts";
import type queue from "./en/queue.ts";
import type settings from "./en/settings.ts";

export interface PageTexts {
  contents: typeof contents;
  dashboard: typeof dashboard;
  jobs: typeof jobs;
  providers: typeof providers;
  queue: typeof queue;
  settings: typeof settings;
}
