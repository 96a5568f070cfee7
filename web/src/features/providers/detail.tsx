import type { Integration, Provider } from "../../api/providers.ts";
import { includesRole } from "../../api/roles.ts";
import { texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { useMe } from "../../shell/queries.ts";
import { explain } from "../../ui/feedback.tsx";
import { Switch } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { HealthCard } from "./health-card.tsx";
import { KeyCard } from "./key-card.tsx";
import { ModelsCard } from "./models-card.tsx";
import { ProviderChip } from "./parts.tsx";
import { useSwitchProvider } from "./queries.ts";

/** One provider: whether it is used, its key, its health, its models and prices. */
export function ProviderDetail({
  provider,
  integration,
}: {
  provider: Provider;
  integration: Integration | undefined;
}) {
  const words = texts("providers");
  const role = useMe().data?.role;
  const admin = role !== undefined && includesRole(role, "admin");
  const change = useSwitchProvider(provider.id);
  const switchTo = (enabled: boolean) =>
    change.mutate(enabled, {
      onSuccess: () => {
        const said = enabled ? words.switchedOn(provider.title) : words.switchedOff(provider.title);
        toast(said, { undo: () => switchTo(!enabled) });
      },
      onError: (error) => toast(explain(error), { tone: "bad" }),
    });
  return (
    <>
      <PageHeader
        title={provider.title}
        path={[{ label: words.title, path: "/providers" }]}
        below={<ProviderChip provider={provider} />}
        actions={
          <Switch
            label={words.use}
            checked={change.isPending ? change.variables : provider.enabled}
            disabled={!admin || change.isPending}
            onChange={switchTo}
          />
        }
      />
      <p className="muted">{role === undefined || admin ? words.useHint : words.admin}</p>
      <div className="provider-cards">
        <KeyCard provider={provider} integration={integration} admin={admin} />
        <HealthCard provider={provider} />
      </div>
      <ModelsCard provider={provider} />
    </>
  );
}
