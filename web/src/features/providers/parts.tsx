import type { Integration, Provider } from "../../api/providers.ts";
import { texts } from "../../i18n/index.ts";
import { StatusChip } from "../../ui/status.tsx";
import { stateOf } from "./state.ts";

/** The state of a provider. The looks are those of the states of jobs. */
export function ProviderChip({ provider }: { provider: Provider }) {
  const words = texts("providers");
  const looks = {
    ready: ["succeeded", words.stateReady],
    off: ["paused", words.stateOff],
    noKey: ["skipped", words.stateNoKey],
    resting: ["waiting", words.stateResting],
  } as const;
  const [status, label] = looks[stateOf(provider)];
  return <StatusChip status={status} label={label} />;
}

/** Returns whose key the calls of a provider use. One without an entry is called without any. */
export function keyText(integration: Integration | undefined): string {
  const words = texts("providers");
  if (!integration) return words.keyless;
  if (integration.configured === "own") {
    return integration.last_four ? words.keyOwn(integration.last_four) : words.keyOwnPlain;
  }
  if (!integration.takes_key) return words.keyless;
  return integration.configured === "stack" ? words.keyStack : words.keyNone;
}
