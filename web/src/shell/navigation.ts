import { shell } from "../i18n/index.ts";
import type { IconName } from "../ui/icons.tsx";

export interface Destination {
  path: string;
  label: string;
  icon: IconName;
}

const words = shell.navigation;

/** The pages, grouped as the side bar shows them. */
export const groups: readonly { title: string | null; pages: readonly Destination[] }[] = [
  { title: null, pages: [{ path: "/", label: words.dashboard, icon: "home" }] },
  {
    title: words.make,
    pages: [{ path: "/create", label: words.create, icon: "sparkle" }],
  },
  {
    title: words.work,
    pages: [
      { path: "/contents", label: words.contents, icon: "file" },
      { path: "/workspace", label: words.workspace, icon: "box" },
      { path: "/assets", label: words.assets, icon: "image" },
    ],
  },
  {
    title: words.run,
    pages: [
      { path: "/batch", label: words.batch, icon: "layers" },
      { path: "/jobs", label: words.jobs, icon: "pulse" },
    ],
  },
  {
    title: words.manage,
    pages: [
      { path: "/providers", label: words.providers, icon: "plug" },
      { path: "/settings", label: words.settings, icon: "gear" },
    ],
  },
];

/** The four pages of the tab bar on phones; the rest is behind More. */
export const tabs: readonly Destination[] = [
  { path: "/", label: words.dashboard, icon: "home" },
  { path: "/create", label: words.create, icon: "sparkle" },
  { path: "/assets", label: words.assets, icon: "image" },
  { path: "/workspace", label: words.workspace, icon: "box" },
];

/** Tells whether a page, or a page below it, is the current one. */
export function isCurrent(path: string, current: string): boolean {
  return path === "/" ? current === "/" : current === path || current.startsWith(`${path}/`);
}
