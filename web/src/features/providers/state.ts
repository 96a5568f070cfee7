/** The state of a provider in one word. */
import type { Provider } from "../../api/providers.ts";

export type ProviderState = "ready" | "off" | "noKey" | "resting";

/** Returns what hinders new orders most: switched off, then no key, then a breaker. */
export function stateOf(
  provider: Pick<Provider, "enabled" | "configured" | "healthy">,
): ProviderState {
  if (!provider.enabled) return "off";
  if (provider.configured === "none") return "noKey";
  return provider.healthy ? "ready" : "resting";
}
