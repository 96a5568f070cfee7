import { type FormEvent, type ReactNode, useId } from "react";
import { shell } from "../i18n/index.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import type { IconName } from "./icons.tsx";

/** A dialog with one form. `busy` is the word on the button while the answer is awaited. */
export function FormDialog({
  title,
  icon,
  submit,
  busy,
  className = "",
  noValidate = false,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  icon: IconName;
  submit: string;
  busy: string | undefined;
  className?: string;
  /** The page checks the fields itself, not the browser. */
  noValidate?: boolean;
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Dialog
      title={title}
      icon={icon}
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            {shell.parts.cancel}
          </Button>
          <Button kind="primary" type="submit" form={id} busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={className}
        noValidate={noValidate}
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          onSubmit(new FormData(event.currentTarget));
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
