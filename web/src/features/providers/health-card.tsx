import type { ModelHealth, Provider } from "../../api/providers.ts";
import { timeOfDayText } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useHealth } from "./queries.ts";

function Trouble({ model }: { model: ModelHealth }) {
  const words = texts("providers");
  const { state, failures, next_probe_at, last_error, held_until } = model;
  return (
    <li className="provider-line">
      <span className="tone-warn">
        <Icon name="hourglass" />
      </span>
      <p>
        {state === "open" && <strong>{words.resting(model.model, failures)} </strong>}
        {state === "half_open" && <strong>{words.probing(model.model)} </strong>}
        {state === "closed" && held_until && words.held(model.model, timeOfDayText(held_until))}
        {state === "open" && next_probe_at && `${words.nextTry(timeOfDayText(next_probe_at))} `}
        {state !== "closed" && last_error && (
          <span className="muted">
            {words.at(words.lastError[last_error.kind], timeOfDayText(last_error.at))}
          </span>
        )}
      </p>
    </li>
  );
}

/** Breakers and rate limits of a provider's models: those that hold calls, by name. */
export function HealthCard({ provider }: { provider: Provider }) {
  const words = texts("providers");
  const health = useHealth(provider.id);
  const models = health.data?.models ?? [];
  const held = models.filter((model) => model.state !== "closed" || model.held_until !== null);
  return (
    <GlassyCard title={words.health}>
      <div className="provider-body">
        {health.error && (
          <ProblemBanner error={health.error} onRetry={() => void health.refetch()} />
        )}
        {health.isPending && <LoadingSkeleton rows={1} height={44} />}
        {health.data && held.length === 0 && (
          <p className="provider-line">
            <span className="tone-ok">
              <Icon name="checkCircle" />
            </span>
            {words.allClosed(models.length)}
          </p>
        )}
        {held.length > 0 && (
          <ul className="provider-troubles">
            {held.map((model) => (
              <Trouble key={model.model} model={model} />
            ))}
          </ul>
        )}
        {provider.rate_per_minute !== null && (
          <p className="muted">{words.rate(provider.rate_per_minute)}</p>
        )}
        {health.data?.account && <p className="muted">{words.account[health.data.account]}</p>}
      </div>
    </GlassyCard>
  );
}
