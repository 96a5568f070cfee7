/** The comparison for pages: its code, style and texts load when it is first shown. */
import { type ComponentProps, lazy, Suspense } from "react";
import { loadTexts } from "../i18n/index.ts";
import { LoadingSkeleton } from "../ui/feedback.tsx";
import type ComparePart from "./compare.tsx";
import type CompareDialogPart from "./compare-dialog.tsx";

export type { ComparedImage } from "./compare.tsx";

async function withTexts<Module>(module: Promise<Module>): Promise<Module> {
  await loadTexts("compare");
  return module;
}

const Panel = lazy(() => withTexts(import("./compare.tsx")));
const InDialog = lazy(() => withTexts(import("./compare-dialog.tsx")));

/** A comparison as part of a page. */
export function ComparePanel(props: ComponentProps<typeof ComparePart>) {
  return (
    <Suspense fallback={<LoadingSkeleton rows={1} height={320} />}>
      <Panel {...props} />
    </Suspense>
  );
}

/** A comparison of two or more images in a dialog. */
export function CompareDialog(props: ComponentProps<typeof CompareDialogPart>) {
  return (
    <Suspense fallback={null}>
      <InDialog {...props} />
    </Suspense>
  );
}
