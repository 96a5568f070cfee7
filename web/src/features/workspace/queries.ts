import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { idempotencyKey } from "../../api/client.ts";
import * as folders from "../../api/folders.ts";
import { ApiError } from "../../api/problem.ts";
import * as studio from "../../api/studio.ts";
import { useApi } from "../../studio.tsx";
import { isMaking } from "./pairs.ts";

const POLL = 2_000;
const PACK_POLL = 1_000;
const MAX_ITEMS = 50;

/** The SKUs of the account, by name. The pages of the workspace share them. */
export function useFolders() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["folders", "list"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => folders.listFolders(api, pageParam, signal),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });
}

/** How much of the list of SKUs is here. */
export type Listing = "loading" | "part" | "all";

/**
 * One SKU, asked alone when the part of the list that is here does not hold it. One that the whole list
 * does not hold comes into being with its first photo, and nothing is asked about it.
 */
export function useFolder(sku: string, listed: folders.Folder | undefined, listing: Listing) {
  const api = useApi();
  const asked = useQuery({
    queryKey: ["folders", sku, "folder"],
    enabled: listing === "part" && listed === undefined,
    queryFn: async ({ signal }) => orNothing(folders.readFolder(api, sku, signal)),
  });
  const folder = listed ?? asked.data ?? null;
  return { folder, known: folder !== null || listing === "all" || asked.isSuccess };
}

/** Returns null for a SKU that does not exist. */
async function orNothing<Value>(answer: Promise<Value>): Promise<Value | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) return null;
    throw error;
  }
}

/** The pairs of a SKU; asked every two seconds while a result is being made. */
export function usePairs(sku: string, exists: boolean) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["folders", sku, "pairs"],
    enabled: exists,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => folders.listPairs(api, sku, pageParam, signal),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some(isMaking)) ? POLL : false,
  });
}

/** Reads the list of SKUs again when a result came: its counts change with it. */
export function useFollow(pairs: readonly folders.Pair[]): void {
  const cache = useQueryClient();
  const seen = useRef<string | null>(null);
  const now = pairs.map((pair) => pair.status).join();
  useEffect(() => {
    const before = seen.current;
    seen.current = now;
    if (before !== null && before !== "" && before !== now)
      void cache.invalidateQueries({ queryKey: ["folders", "list"] });
  }, [cache, now]);
}

export function useRecipes() {
  const api = useApi();
  return useQuery({
    queryKey: ["recipes"],
    queryFn: ({ signal }) => folders.listRecipes(api, signal),
  });
}

/** The price of a recipe with a photo, before it is the rule. */
export function useRulePrice(recipeId: string, assetId: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: ["recipes", recipeId, "price", assetId],
    enabled: recipeId !== "" && assetId !== null,
    retry: false,
    queryFn: ({ signal }) =>
      studio.estimate(api, [{ recipe_id: recipeId, sources: [{ asset_id: assetId }] }], signal),
  });
}

export function useRefused(wanted: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ["folders", "refused"],
    enabled: wanted,
    queryFn: ({ signal }) => folders.listRefused(api, signal),
  });
}

export function useFolderActions(sku: string) {
  const api = useApi();
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: ["folders"] });
  return {
    rule: useMutation({
      mutationFn: (recipeId: string | null) => folders.setRule(api, sku, recipeId),
      onSuccess,
    }),
    state: useMutation({
      mutationFn: (state: folders.Folder["state"]) => folders.changeFolder(api, sku, { state }),
      onSuccess,
    }),
    make: useMutation({
      mutationFn: ({ recipeId, pairs }: { recipeId: string; pairs: readonly folders.Pair[] }) =>
        studio.order(
          api,
          {
            recipe_id: recipeId,
            folder: sku,
            name: sku,
            items: pairs.slice(0, MAX_ITEMS).map((pair) => ({
              sources: [{ asset_id: pair.input_asset_id }],
              label: pair.input_name?.slice(0, 120) ?? null,
            })),
          },
          idempotencyKey(),
        ),
      onSuccess,
    }),
  };
}

/** An archive, asked each second until it is packed. */
export function useDownload(id: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: ["downloads", id],
    enabled: id !== null,
    queryFn: ({ signal }) => folders.readDownload(api, id ?? "", signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data && !["queued", "running"].includes(state.data.status) ? false : PACK_POLL,
  });
}

export function useOrderDownload() {
  const api = useApi();
  return useMutation({
    mutationFn: (body: folders.DownloadBody) => folders.orderDownload(api, body),
  });
}
