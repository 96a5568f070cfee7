/** The texts of each page, named like its folder under `features/`, and of parts that load late. */
import type assets from "./en/assets.ts";
import type batch from "./en/batch.ts";
import type compare from "./en/compare.ts";
import type contents from "./en/contents.ts";
import type create from "./en/create.ts";
import type dashboard from "./en/dashboard.ts";
import type jobs from "./en/jobs.ts";
import type providers from "./en/providers.ts";
import type queue from "./en/queue.ts";
import type settings from "./en/settings.ts";
import type workspace from "./en/workspace.ts";

export interface PageTexts {
  assets: typeof assets;
  batch: typeof batch;
  compare: typeof compare;
  contents: typeof contents;
  create: typeof create;
  dashboard: typeof dashboard;
  jobs: typeof jobs;
  providers: typeof providers;
  queue: typeof queue;
  settings: typeof settings;
  workspace: typeof workspace;
}
