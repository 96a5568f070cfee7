import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { idempotencyKey } from "../../api/client.ts";
import { ApiError } from "../../api/problem.ts";
import { texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/feedback.tsx";
import { toast } from "../../ui/toast.tsx";
import { AUTO, type Draft, draftOf, limitedTexts, orderOf } from "./draft.ts";
import { Earlier } from "./earlier.tsx";
import { OrderForm } from "./form.tsx";
import { Gallery } from "./gallery.tsx";
import { OrderBar } from "./order-bar.tsx";
import { useEstimate, useFullImages, useOperation, useOrder, useTemplate } from "./queries.ts";
import { faultOf, membersOf } from "./schema.ts";
import "./create.css";

function Results({
  jobId,
  onOpen,
  onExample,
  onSource,
  onPrompt,
}: {
  jobId: string | null;
  onOpen: (jobId: string) => void;
  onExample: () => void;
  onSource: (assetId: string, thumbnail: string | null) => void;
  onPrompt: (prompt: string) => void;
}) {
  const words = texts("create");
  return (
    <div className="create-results">
      {jobId ? (
        <Gallery key={jobId} jobId={jobId} onSource={onSource} onPrompt={onPrompt} />
      ) : (
        <Empty
          icon="sparkle"
          title={words.emptyTitle}
          actions={<Button onClick={onExample}>{words.tryPrompt}</Button>}
        >
          {words.empty}
        </Empty>
      )}
      <Earlier shown={jobId} onOpen={onOpen} />
    </div>
  );
}

function focusPrompt(): void {
  document.querySelector<HTMLElement>("#create-form textarea")?.focus();
}

/** Makes images from a prompt: the order on the left, its images on the right. */
export default function CreatePage() {
  const words = texts("create");
  const cache = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const [draft, setDraft] = useState<Draft>(() => draftOf(search));
  const [thumbnail, setThumbnail] = useState<string | null>(null);
  const jobId = search.get("job");
  const body = orderOf(draft);
  const members = membersOf(useOperation().data?.schema);
  const faults = Object.entries(limitedTexts(draft)).flatMap(([member, text]) => {
    const fault = faultOf(members[member], text);
    return fault ? [{ member, text: words.faults[fault.kind](fault.limit) }] : [];
  });
  const estimate = useEstimate(body, faults.length === 0);
  const order = useOrder();
  const source = useFullImages(draft.sourceId ? [draft.sourceId] : []).get(draft.sourceId);
  const template = useTemplate(draft.templateId).data;
  const estimateError = estimate.isFetching ? null : estimate.error;

  function change(part: Partial<Draft>): void {
    setDraft((before) => ({ ...before, ...part }));
    if (order.error) order.reset();
  }

  function errorOf(member: string): string | undefined {
    const refused = (error: unknown, pointer: string) =>
      error instanceof ApiError ? error.field(pointer) : undefined;
    const fault = faults.find((one) => one.member === member);
    if (fault) return fault.text;
    return refused(estimateError, `/jobs/0/${member}`) ?? refused(order.error, `/${member}`);
  }

  function send(variables: { body: typeof body; key: string }): void {
    order.mutate(variables, {
      onSuccess: (job) => {
        setSearch({ job: job.id }, { replace: true });
        for (const queryKey of [["jobs"], ["me"]])
          void cache.invalidateQueries({ queryKey }, { cancelRefetch: false });
      },
    });
  }

  return (
    <div className="create">
      <div className="visually-hidden">
        <PageHeader title={words.title} />
      </div>
      <section id="create-form" className="create-form" aria-label={words.form}>
        <OrderForm
          form={{
            draft,
            change,
            errorOf,
            estimate: estimate.data,
            template,
            sourceThumbnail: source ?? thumbnail ?? undefined,
          }}
        />
        <OrderBar
          count={draft.variations}
          estimate={estimate.data}
          estimateError={estimateError}
          faults={faults}
          outdated={estimate.outdated || estimate.isFetching}
          noPrompt={body.prompt === ""}
          ordering={order.isPending}
          orderError={order.error}
          onOrder={() => send({ body, key: idempotencyKey() })}
          onRetry={() => order.variables && send(order.variables)}
          {...(draft.provider === AUTO ? {} : { onAuto: () => change({ provider: AUTO }) })}
        />
      </section>
      <Results
        jobId={jobId}
        onOpen={(id) => setSearch({ job: id })}
        onExample={() => {
          change({ prompt: words.example });
          focusPrompt();
        }}
        onSource={(sourceId, picture) => {
          change({ sourceId });
          setThumbnail(picture);
          toast(words.sourceUsed);
        }}
        onPrompt={(prompt) => {
          change({ prompt });
          focusPrompt();
        }}
      />
    </div>
  );
}
