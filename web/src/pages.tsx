/** The pages and their routes. A page's code and texts load when it is first opened. */
import { type ComponentType, lazy } from "react";
import { loadTexts } from "./i18n/index.ts";
import type { PageTexts } from "./i18n/pages.ts";

type Page = ComponentType<{ params: Record<string, string | undefined> }>;

function page(
  name: keyof PageTexts,
  load: () => Promise<{ default: Page }>,
  ...shared: (keyof PageTexts)[]
) {
  return lazy(async () => {
    const [module] = await Promise.all([load(), ...[name, ...shared].map(loadTexts)]);
    return module;
  });
}

export const pages: readonly { path: string; component: ReturnType<typeof page> }[] = [
  { path: "/", component: page("dashboard", () => import("./features/dashboard/page.tsx")) },
  { path: "/assets", component: page("assets", () => import("./features/assets/list-page.tsx")) },
  {
    path: "/assets/:id",
    component: page("assets", () => import("./features/assets/asset-page.tsx")),
  },
  { path: "/batch", component: page("batch", () => import("./features/batch/list-page.tsx")) },
  {
    path: "/batch/tables/:id",
    component: page("batch", () => import("./features/batch/table-page.tsx")),
  },
  {
    path: "/batch/:id",
    component: page("batch", () => import("./features/batch/batch-page.tsx")),
  },
  {
    path: "/contents",
    component: page("contents", () => import("./features/contents/list-page.tsx")),
  },
  {
    path: "/contents/:id",
    component: page("contents", () => import("./features/contents/content-page.tsx")),
  },
  {
    path: "/create",
    component: page("create", () => import("./features/create/page.tsx"), "queue"),
  },
  { path: "/jobs", component: page("jobs", () => import("./features/jobs/list-page.tsx")) },
  {
    path: "/jobs/:id",
    component: page("jobs", () => import("./features/jobs/job-page.tsx"), "queue"),
  },
  {
    path: "/providers/:id?",
    component: page("providers", () => import("./features/providers/page.tsx")),
  },
  {
    path: "/settings/webhooks/:id",
    component: page("settings", () => import("./features/settings/webhook-page.tsx")),
  },
  {
    path: "/settings/:tab?",
    component: page("settings", () => import("./features/settings/page.tsx")),
  },
  {
    path: "/workspace/:sku?",
    component: page("workspace", () => import("./features/workspace/page.tsx"), "queue"),
  },
];
