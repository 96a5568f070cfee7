import type { ItemEstimate, Provider } from "../../api/providers.ts";
import { calendarDay } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { priceText } from "../../money.ts";
import { GlassyCard } from "../../ui/card.tsx";
import { ProblemBanner } from "../../ui/feedback.tsx";
import { useImagePrices } from "./queries.ts";

type Model = Provider["models"][number];

function originText(estimate: ItemEstimate): string {
  const words = texts("providers");
  const origin = estimate.likely_price;
  if (origin.source === "table" && origin.version && origin.checked_at) {
    return words.priceTable(origin.version, calendarDay(origin.checked_at));
  }
  return origin.source === "reported" ? words.priceReported : words.priceNone;
}

function PriceCell({
  model,
  estimate,
  loading,
}: {
  model: Model;
  estimate: ItemEstimate | undefined;
  loading: boolean;
}) {
  const words = texts("providers");
  if (!model.operations.includes("generate")) {
    return <span className="muted">{model.price_known ? words.onOrder : words.unknown}</span>;
  }
  if (!estimate) return <span className="muted">{loading ? "…" : words.unknown}</span>;
  const { amount } = estimate.cost;
  return (
    <>
      {amount === null ? (
        <span className="provider-unknown">{words.unknown}</span>
      ) : (
        <strong>{priceText(amount)}</strong>
      )}
      <span className="meta provider-origin">{originText(estimate)}</span>
    </>
  );
}

function ModelRow({
  provider,
  model,
  estimate,
  loading,
}: {
  provider: Provider;
  model: Model;
  estimate: ItemEstimate | undefined;
  loading: boolean;
}) {
  const words = texts("providers");
  return (
    <tr>
      <th scope="row">
        <span className="provider-model">{model.title}</span>
        {model.id === provider.default_model && <span className="count-chip">{words.default}</span>}
        <span className="mono muted provider-id">{model.id}</span>
        {model.state === "sunset" && model.ends && (
          <span className="meta tone-warn">{words.sunset(calendarDay(model.ends))}</span>
        )}
      </th>
      <td className="provider-operations muted">{model.operations.join(", ")}</td>
      <td className="number">
        <PriceCell model={model} estimate={estimate} loading={loading} />
      </td>
    </tr>
  );
}

/** The models with the price of one image, where it comes from and when it was checked. */
export function ModelsCard({ provider }: { provider: Provider }) {
  const words = texts("providers");
  const prices = useImagePrices(provider);
  return (
    <GlassyCard title={words.prices} count={provider.models.length}>
      {prices.error && (
        <div className="provider-body">
          <ProblemBanner error={prices.error} onRetry={() => void prices.refetch()} />
        </div>
      )}
      <p className="muted provider-note">{words.priceHint}</p>
      <table className="table provider-models">
        <thead>
          <tr>
            <th>{words.model}</th>
            <th className="provider-operations">{words.makes}</th>
            <th className="number">{words.perImage}</th>
          </tr>
        </thead>
        <tbody>
          {provider.models.map((model) => (
            <ModelRow
              key={model.id}
              provider={provider}
              model={model}
              estimate={prices.data?.get(model.id)}
              loading={prices.isPending}
            />
          ))}
        </tbody>
      </table>
      {provider.retired.length > 0 && (
        <details className="provider-retired">
          <summary>
            {words.retiredTitle} <span className="count-chip">{provider.retired.length}</span>
          </summary>
          <ul>
            {provider.retired.map((model) => (
              <li key={model.id} className="muted">
                {words.retired(model.id, model.successor)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </GlassyCard>
  );
}
