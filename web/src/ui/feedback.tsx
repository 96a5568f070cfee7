/** What a page shows while it waits, when it has nothing, and when something failed. */
import type { ReactNode } from "react";
import { ApiError, isOffline } from "../api/problem.ts";
import { shell } from "../i18n/index.ts";
import { Button, IconButton } from "./button.tsx";
import { Icon, type IconName } from "./icons.tsx";

/** Shapes of what comes; they appear after 200 ms, so that a fast answer shows none. */
export function LoadingSkeleton({ rows = 3, height = 64 }: { rows?: number; height?: number }) {
  return (
    <div className="skeletons" role="status">
      <span className="visually-hidden">{shell.parts.loading}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton" style={{ height }} />
      ))}
    </div>
  );
}

type BannerTone = "info" | "warn" | "bad" | "ok";
const bannerIcons: Record<BannerTone, IconName> = {
  info: "ring",
  warn: "warning",
  bad: "alert",
  ok: "checkCircle",
};

/** Tells the state of something that runs or failed: one sentence and one action. */
export function AsyncStatusBanner({
  tone,
  children,
  action,
  onDismiss,
}: {
  tone: BannerTone;
  children: ReactNode;
  action?: ReactNode;
  onDismiss?: () => void;
}) {
  return (
    <div className={`banner banner-${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <Icon name={bannerIcons[tone]} />
      <div className="banner-text">{children}</div>
      {action}
      {onDismiss && <IconButton icon="close" label={shell.parts.dismiss} onClick={onDismiss} />}
    </div>
  );
}

/** Returns the sentence that explains a failed request. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  if (isOffline(error)) return shell.problems.offline;
  return shell.problems.failed;
}

export function ProblemBanner({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const requestId = error instanceof ApiError ? error.problem.request_id : undefined;
  return (
    <AsyncStatusBanner
      tone="bad"
      action={
        onRetry && (
          <Button kind="quiet" small icon="retry" onClick={onRetry}>
            {shell.problems.retry}
          </Button>
        )
      }
    >
      {explain(error)}{" "}
      {requestId && <span className="meta">{shell.problems.requestId(requestId)}</span>}
    </AsyncStatusBanner>
  );
}

export function Empty({
  icon,
  title,
  children,
  actions,
}: {
  icon: IconName;
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      <p className="muted">{children}</p>
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  );
}
