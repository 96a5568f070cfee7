/** Files that are dropped on a page, or chosen with a button. */
import { type DragEvent, useRef, useState } from "react";
import { Button } from "./button.tsx";
import type { IconName } from "./icons.tsx";
import "./drop.css";

type Read = (files: readonly File[]) => void;

/** Returns handlers for the element that takes files, and whether some are held over it. */
export function useDrop(read: Read) {
  const [over, setOver] = useState(false);
  const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave(event: DragEvent) {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop(event: DragEvent) {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...event.dataTransfer.files];
      if (files.length > 0) read(files);
    },
  };
  return { over, handlers };
}

/** Covers the page while files are held over it. */
export function DropCover({ text }: { text: string }) {
  return <p className="drop-cover">{text}</p>;
}

/** A button that opens the browser's choice of files. */
export function FilesButton({
  label,
  accept,
  multiple = false,
  busy,
  title,
  primary = false,
  icon = "upload",
  onFiles,
}: {
  label: string;
  accept: string;
  multiple?: boolean;
  busy?: string | undefined;
  title?: string;
  primary?: boolean;
  icon?: IconName;
  onFiles: Read;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        icon={icon}
        kind={primary ? "primary" : "outline"}
        title={title}
        busy={busy}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
