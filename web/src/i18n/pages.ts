/** The texts of each page, named like its folder under `features/`, and of parts that load late. */
import type compare from "./en/compare.ts";
import type contents from "./en/contents.ts";
import type create from "./en/create.ts";
import type jobs from "./en/jobs.ts";
import type queue from "./en/queue.ts";

export interface PageTexts {
  compare: typeof compare;
  contents: typeof contents;
  create: typeof create;
  jobs: typeof jobs;
  queue: typeof queue;
}
