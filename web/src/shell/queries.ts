import { useQuery } from "@tanstack/react-query";
import { bodyOf } from "../api/client.ts";
import { useApi } from "../studio.tsx";

/** The user, the limits and the month's money. */
export function useMe() {
  const api = useApi();
  return useQuery({
    queryKey: ["me"],
    queryFn: async ({ signal }) => bodyOf(await api.GET("/v1/me", { signal })),
    staleTime: 30_000,
  });
}

const OPEN_JOBS_EVERY = 5_000;

/** Open jobs; asked every five seconds, or more often, while the tab is visible. */
export function useOpenJobs(every = OPEN_JOBS_EVERY) {
  const api = useApi();
  return useQuery({
    queryKey: ["jobs", "open"],
    queryFn: async ({ signal }) =>
      bodyOf(
        await api.GET("/v1/jobs", {
          params: { query: { status: ["queued", "running", "cancelling"], limit: 20 } },
          signal,
        }),
      ).data,
    refetchInterval: every,
  });
}
