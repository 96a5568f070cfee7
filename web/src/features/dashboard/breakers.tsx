import { useState } from "react";
import type { ModelHealth, Provider } from "../../api/providers.ts";
import { timeOfDayText } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { AsyncStatusBanner } from "../../ui/feedback.tsx";
import { useBreakers } from "./queries.ts";

function Breaker({ provider, models }: { provider: Provider; models: readonly ModelHealth[] }) {
  const words = texts("dashboard");
  const [dismissed, setDismissed] = useState(false);
  if (dismissed) return null;
  const failures = Math.max(...models.map((model) => model.failures));
  const next = models
    .flatMap((model) => model.next_probe_at ?? [])
    .sort()
    .at(0);
  return (
    <AsyncStatusBanner
      tone="warn"
      action={
        <ButtonLink href={`/providers/${provider.id}`} kind="quiet" small>
          {words.viewProviders}
        </ButtonLink>
      }
      onDismiss={() => setDismissed(true)}
    >
      <strong>{words.resting(provider.title, models.length, failures)}</strong> {words.restingElse}{" "}
      {next && words.nextTry(timeOfDayText(next))}
    </AsyncStatusBanner>
  );
}

/** One line for each provider with a breaker that blocks calls. */
export function Breakers() {
  return useBreakers().map(({ provider, models }) => (
    <Breaker key={provider.id} provider={provider} models={models} />
  ));
}
