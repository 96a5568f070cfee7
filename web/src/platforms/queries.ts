/** The platforms and their formats. They change only with a release. */
import { useQuery } from "@tanstack/react-query";
import * as studio from "../api/studio.ts";
import { useApi } from "../studio.tsx";

const CATALOGUE = { staleTime: 300_000 };

export function usePlatforms() {
  const api = useApi();
  return useQuery({
    queryKey: ["platforms"],
    queryFn: ({ signal }) => studio.platforms(api, signal),
    ...CATALOGUE,
  });
}

export function usePlatformFormats(id: studio.Platform["id"]) {
  const api = useApi();
  return useQuery({
    queryKey: ["platforms", id],
    queryFn: ({ signal }) => studio.platformFormats(api, id, signal),
    ...CATALOGUE,
  });
}
