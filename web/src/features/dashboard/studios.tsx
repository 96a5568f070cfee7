import type { ReactNode } from "react";
import { Link } from "wouter";
import { texts } from "../../i18n/index.ts";
import { groups } from "../../shell/navigation.ts";
import { SectionHeader } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Icon, type IconName } from "../../ui/icons.tsx";
import { StatusChip } from "../../ui/status.tsx";
import { useOperations, useProviders } from "./queries.ts";
import { studiosOf } from "./summary.ts";

const icons: Record<string, IconName> = {
  create: "sparkle",
  edit: "brush",
  upscale: "expand",
  control: "sliders",
  transform: "layers",
  social: "shapes",
  product: "box",
  content: "file",
};

const pages = new Set(groups.flatMap((group) => group.pages.map((page) => page.path)));

function Tile({
  icon,
  title,
  note,
  href,
  state,
}: {
  icon: IconName;
  title: string;
  note: string;
  href: string | null;
  state: ReactNode;
}) {
  const content = (
    <>
      <span className="dashboard-module-icon">
        <Icon name={icon} />
      </span>
      <span className="dashboard-module-text">
        <span className="dashboard-module-title">{title}</span>
        <span className="muted">{note}</span>
      </span>
      {state}
    </>
  );
  return (
    <li>
      {href === null ? (
        <div className="card dashboard-module">{content}</div>
      ) : (
        <Link href={href} className="card dashboard-module">
          {content}
        </Link>
      )}
    </li>
  );
}

/** Every module of the studio with its state. One without a page here works by the API. */
export function Studios() {
  const words = texts("dashboard");
  const operations = useOperations();
  const providers = useProviders();
  const error = operations.error ?? providers.error;
  const ready = <StatusChip status="succeeded" label={words.ready} />;
  return (
    <section>
      <SectionHeader title={words.studios} />
      {error && (
        <ProblemBanner
          error={error}
          onRetry={() => {
            void operations.refetch();
            void providers.refetch();
          }}
        />
      )}
      {operations.isPending && <LoadingSkeleton rows={2} height={64} />}
      {operations.data && providers.data && (
        <ul className="dashboard-modules">
          {studiosOf(operations.data, providers.data).map((studio) => {
            const href = `/${studio.id}`;
            const known = pages.has(href);
            return (
              <Tile
                key={studio.id}
                icon={icons[studio.id] ?? "image"}
                title={words.studioNames[studio.id] ?? studio.id}
                note={words.operations(studio.operations)}
                href={known ? href : null}
                state={
                  !studio.ready ? (
                    <StatusChip status="partially_succeeded" label={words.noProvider} />
                  ) : known ? (
                    ready
                  ) : (
                    <StatusChip status="skipped" label={words.byApi} />
                  )
                }
              />
            );
          })}
          <Tile
            icon="file"
            title={words.studioNames.content ?? "content"}
            note={words.contentsNote}
            href="/contents"
            state={ready}
          />
        </ul>
      )}
    </section>
  );
}
