import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { shell } from "../i18n/index.ts";
import { IconButton } from "./button.tsx";
import { Icon, type IconName } from "./icons.tsx";

/**
 * A modal dialog on the native element. Without `onClose` nothing closes it: `closedby="none"` and the
 * key handler are both needed, because Chromium closes at the third Escape although `cancel` was prevented.
 */
export function Dialog({
  id,
  title,
  context,
  icon,
  aside,
  wide = false,
  footer,
  onClose,
  children,
}: {
  id?: string;
  title: string;
  context?: ReactNode;
  icon?: IconName;
  aside?: ReactNode;
  wide?: boolean;
  footer?: ReactNode;
  onClose?: (() => void) | undefined;
  children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();

  // A layout effect closes the dialog while it still stands in the page, so that focus goes back.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    heading.current?.focus();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={element}
      {...(id ? { id } : {})}
      {...{ closedby: "none" }}
      className={wide ? "dialog dialog-wide" : "dialog"}
      aria-labelledby={titleId}
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onClose?.();
      }}
    >
      <header className="dialog-header">
        {icon && (
          <span className="dialog-icon">
            <Icon name={icon} />
          </span>
        )}
        <div className="dialog-heading">
          <h2 id={titleId} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {context && <p className="muted one-line">{context}</p>}
        </div>
        {aside && <div className="dialog-aside">{aside}</div>}
        {onClose && <IconButton icon="close" label={shell.parts.close} onClick={onClose} />}
      </header>
      {/* A body that scrolls must be reached by keyboard. */}
      <div className="dialog-body" {...(wide && { tabIndex: 0 })}>
        {children}
      </div>
      {footer && <footer className="dialog-footer">{footer}</footer>}
    </dialog>
  );
}
