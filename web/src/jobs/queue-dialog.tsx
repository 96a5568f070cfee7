/** The queue dialog. Its code and texts load when a page that may open it is shown. */
import { type ComponentType, lazy, Suspense, useEffect, useRef } from "react";
import { loadTexts } from "../i18n/index.ts";
import type { OrderedImage, QueueRow } from "./queue.ts";

/** The id that tests and telemetry find the dialog by. */
export const QUEUE_ID = "ai-generate-images-from-prompts-01-desktop";

export interface QueueDialogProps {
  open: boolean;
  /** Called by Close after the run: the page reloads its list. */
  onClose: () => void;
  /** Called when the dialog is on the screen; a page sends its order then. */
  onShown?: () => void;
  /** Called by Minimise, which leaves the run going. Without it `onClose` is called. */
  onMinimise?: () => void;
  /** The images to make, as the page knows them before the order is sent. */
  queue: readonly OrderedImage[];
  total: number;
  /** Called with the rows each time the progress tells something new. */
  onUpdate?: (rows: QueueRow[]) => void;
  /** The job, null until the order is answered. */
  jobId: string | null;
  /** Why the order was refused; each row shows it. */
  refusal?: string | null;
  /** Sends a refused order again. */
  onRetry?: () => void;
  /** The operation of the job; it names the steps. */
  operation?: string;
}

type ViewType = ComponentType<Omit<QueueDialogProps, "open">>;

let loaded: ViewType | null = null;
const load = async () => {
  const [module] = await Promise.all([import("./queue-view.tsx"), loadTexts("queue")]);
  loaded = module.default;
  return module;
};
const Loading = lazy(load);

/** Shows the images of an order while they are made. Only Minimise leaves it before the end. */
export function QueueDialog({ open, ...props }: QueueDialogProps) {
  useEffect(() => void load(), []);
  // A lazy component shows a frame late even when its code is here.
  const chosen = useRef<ViewType | null>(null);
  chosen.current = open ? (chosen.current ?? loaded ?? Loading) : null;
  const View = chosen.current;
  return <Suspense fallback={null}>{View && <View {...props} />}</Suspense>;
}
