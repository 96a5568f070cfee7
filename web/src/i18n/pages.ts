/** The texts of each page, named like its folder under `features/`. */
import type jobs from "./en/jobs.ts";

export interface PageTexts {
  jobs: typeof jobs;
}
