import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ProblemBanner } from "./feedback.tsx";
import type { IconName } from "./icons.tsx";

/** Asks before something that cannot be undone. */
export function ConfirmDialog({
  title,
  icon = "trash",
  kind = "danger",
  children,
  confirm,
  busy,
  keep,
  error,
  onConfirm,
  onClose,
}: {
  title: string;
  icon?: IconName;
  kind?: "primary" | "danger";
  children: ReactNode;
  confirm: string;
  busy: string | undefined;
  keep: string;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog
      title={title}
      icon={icon}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{keep}</Button>
          <Button kind={kind} icon={icon} busy={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {error ? <ProblemBanner error={error} /> : null}
      <p>{children}</p>
    </Dialog>
  );
}
