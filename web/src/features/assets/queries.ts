import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  getAsset,
  listAssets,
  listRenditions,
  makeRendition,
  type NewRendition,
  readFile,
} from "../../api/assets.ts";
import { useApi } from "../../studio.tsx";

const PAGE_SIZE = 50;

/** The assets of the account, newest first, a page at a time. */
export function useAssets() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["assets", "list"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      listAssets(api, { limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) }, signal),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });
}

export function useAsset(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["assets", id],
    queryFn: ({ signal }) => getAsset(api, id, signal),
  });
}

export function useRenditions(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["assets", id, "renditions"],
    queryFn: ({ signal }) => listRenditions(api, id, signal),
  });
}

/** The bytes of the whole image: an image element cannot send the token. */
export function useImage(id: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: ["assets", id, "content"],
    enabled: id !== null,
    queryFn: ({ signal }) => readFile(api, id ?? "", null, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** Makes a file of an asset; its list of files is read again. */
export function useNewRendition(id: string) {
  const api = useApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewRendition) => makeRendition(api, id, body),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["assets", id, "renditions"] }),
  });
}
