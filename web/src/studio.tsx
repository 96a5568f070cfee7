/** What every page can reach: session, API and cache. */
import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { Api } from "./api/client.ts";
import { ApiError, isOffline } from "./api/problem.ts";
import type { Session } from "./auth/session.ts";
import type { Config } from "./config.ts";

export interface Studio {
  config: Config;
  session: Session;
  api: Api;
}

const Context = createContext<Studio | null>(null);
export const StudioProvider = Context.Provider;

export function useStudio(): Studio {
  const studio = useContext(Context);
  if (!studio) throw new Error("useStudio outside of StudioProvider");
  return studio;
}

export function useApi(): Api {
  return useStudio().api;
}

const MAX_TRIES = 3;

/** Returns the cache of one session. A refusal that cannot change is not asked again. */
export function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        networkMode: "always",
        // With this network mode the default is to wait for a press.
        refetchOnReconnect: true,
        retry: (failures, error) => {
          if (failures >= MAX_TRIES) return false;
          if (error instanceof ApiError)
            return error.problem.status >= 500 || error.problem.status === 429;
          return isOffline(error);
        },
        retryDelay: (failures, error) => {
          const asked = error instanceof ApiError ? error.retryAfter : null;
          return asked !== null ? asked * 1000 : Math.min(8_000, 1_000 * 2 ** failures);
        },
      },
      mutations: { networkMode: "always" },
    },
  });
}
