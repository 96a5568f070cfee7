/** Short messages at the bottom: six seconds, ten with an undo. */
import { useSyncExternalStore } from "react";
import { shell } from "../i18n/index.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icons.tsx";

interface Toast {
  id: number;
  text: string;
  tone: "ok" | "bad";
  undo?: (() => void) | undefined;
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Shows a message; with `undo` the action can be taken back for ten seconds. */
export function toast(
  text: string,
  options: { tone?: "ok" | "bad"; undo?: () => void } = {},
): void {
  const id = nextId++;
  change([...toasts.slice(-2), { id, text, tone: options.tone ?? "ok", undo: options.undo }]);
  setTimeout(() => dismiss(id), options.undo ? 10_000 : 6_000);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((item) => (
        <div key={item.id} className={`toast tone-${item.tone}`}>
          <Icon name={item.tone === "ok" ? "checkCircle" : "alert"} />
          <span className="toast-text">{item.text}</span>
          {item.undo && (
            <Button
              kind="quiet"
              small
              onClick={() => {
                item.undo?.();
                dismiss(item.id);
              }}
            >
              {shell.parts.undo}
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
