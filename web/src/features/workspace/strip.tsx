import { type KeyboardEvent, useRef } from "react";
import type { Pair } from "../../api/folders.ts";
import { shell, texts } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Picture } from "../../ui/picture.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { statusOf } from "./pair-view.tsx";
import { keyOf } from "./pairs.ts";

/** The photos of a SKU. Arrow keys move between them. */
export function Strip({
  pairs,
  chosen,
  onChoose,
  onExpired,
  more,
}: {
  pairs: readonly Pair[];
  chosen: string;
  onChoose: (key: string) => void;
  onExpired: () => void;
  more: { busy: boolean; load: () => void } | null;
}) {
  const words = texts("workspace");
  const list = useRef<HTMLUListElement>(null);

  function move(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const at = pairs.findIndex((pair) => keyOf(pair) === chosen) + step;
    const next = pairs[at];
    if (!next) return;
    event.preventDefault();
    onChoose(keyOf(next));
    list.current?.querySelectorAll("button")[at]?.focus();
  }

  return (
    <section className="workspace-strip" aria-label={words.pairs}>
      <ul ref={list}>
        {pairs.map((pair) => {
          const key = keyOf(pair);
          const name = pair.input_name ?? pair.output_name ?? words.unnamed;
          return (
            <li key={key}>
              <button
                type="button"
                className="workspace-choice"
                aria-pressed={key === chosen}
                aria-label={words.pair(name, words.pairStates[pair.status])}
                title={name}
                onClick={() => onChoose(key)}
                onKeyDown={move}
              >
                <Picture
                  src={pair.thumbnail_url ?? pair.input_thumbnail_url}
                  alt=""
                  className="workspace-strip-picture"
                  onExpired={onExpired}
                />
                <span className="meta one-line workspace-strip-name">{name}</span>
                {pair.status !== "succeeded" && (
                  <StatusChip status={statusOf(pair)} label={words.pairStates[pair.status]} plain />
                )}
              </button>
            </li>
          );
        })}
      </ul>
      {more && (
        <Button busy={more.busy ? shell.parts.loadingMore : undefined} onClick={more.load}>
          {shell.parts.more}
        </Button>
      )}
    </section>
  );
}
