import { Link } from "wouter";
import type { Integration, Provider } from "../../api/providers.ts";
import { calendarDay } from "../../i18n/format.ts";
import { texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { GlassyCard } from "../../ui/card.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Icon } from "../../ui/icons.tsx";
import { ProviderDetail } from "./detail.tsx";
import { keyText, ProviderChip } from "./parts.tsx";
import { useIntegrations, useProviders } from "./queries.ts";
import "../../ui/row-link.css";
import "./providers.css";

function Row({
  provider,
  integration,
}: {
  provider: Provider;
  integration: Integration | undefined;
}) {
  const words = texts("providers");
  return (
    <li>
      <Link href={`/providers/${provider.id}`} className="row-link provider-row">
        <span className="provider-name">
          <strong>{provider.title}</strong>
          <span className="meta">{words.models(provider.models.length)}</span>
        </span>
        <span className="provider-key muted">{keyText(integration)}</span>
        <span className="provider-checked meta">
          {words.pricesChecked(calendarDay(provider.checked_at))}
        </span>
        <ProviderChip provider={provider} />
        <Icon name="chevronRight" size={16} />
      </Link>
    </li>
  );
}

/** The list of providers, or one of them when the address names it. */
export default function ProvidersPage({ params }: { params: Record<string, string | undefined> }) {
  const words = texts("providers");
  const providers = useProviders();
  const integrations = useIntegrations();
  const error = providers.error ?? integrations.error;
  const keyOf = (id: string) => integrations.data?.find((entry) => entry.provider === id);
  const chosen = providers.data?.find((provider) => provider.id === params.id);
  const trouble = error && (
    <ProblemBanner
      error={error}
      onRetry={() => {
        void providers.refetch();
        void integrations.refetch();
      }}
    />
  );
  if (params.id !== undefined) {
    return (
      <>
        {!chosen && (
          <PageHeader title={params.id} path={[{ label: words.title, path: "/providers" }]} />
        )}
        {trouble}
        {providers.isPending && <LoadingSkeleton rows={3} height={160} />}
        {providers.data && !chosen && <p>{words.notFound}</p>}
        {chosen && (
          <ProviderDetail key={chosen.id} provider={chosen} integration={keyOf(chosen.id)} />
        )}
      </>
    );
  }
  return (
    <>
      <PageHeader title={words.title} below={<p className="muted">{words.lead}</p>} />
      {trouble}
      {providers.isPending && <LoadingSkeleton rows={8} height={60} />}
      {providers.data && (
        <GlassyCard>
          <ul>
            {providers.data.map((provider) => (
              <Row key={provider.id} provider={provider} integration={keyOf(provider.id)} />
            ))}
          </ul>
        </GlassyCard>
      )}
    </>
  );
}
