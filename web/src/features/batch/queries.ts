import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import * as batches from "../../api/batches.ts";
import { idempotencyKey } from "../../api/client.ts";
import { usePolled } from "../../jobs/use-progress.ts";
import { useApi } from "../../studio.tsx";
import { isOpen } from "./counts.ts";
import { columnsOf } from "./table-file.ts";

const POLL = 1_000;
const LIST_POLL = 5_000;

/** The batches of the account, newest first; asked every five seconds while one of them runs. */
export function useBatches() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["batches", "list"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => batches.listBatches(api, pageParam, signal),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some((one) => isOpen(one.status)))
        ? LIST_POLL
        : false,
  });
}

/** The newest tables that were checked. */
export function useImports() {
  const api = useApi();
  return useQuery({
    queryKey: ["tables", "list"],
    queryFn: ({ signal }) => batches.listImports(api, signal),
  });
}

/** A table; asked each second while its rows are checked. */
export function useTable(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["tables", id],
    queryFn: ({ signal }) => batches.readImport(api, id, signal),
    refetchInterval: ({ state }) => (state.data?.status === "validating" ? POLL : false),
  });
}

export function useRows(
  id: string,
  status: batches.ImportRow["status"] | undefined,
  ready: boolean,
) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ["tables", id, "rows", status],
    enabled: ready,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => batches.listRows(api, id, status, pageParam, signal),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });
}

/** The members that a column can be; read when a table has columns that mean nothing. */
export function useColumns(wanted: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ["tables", "columns"],
    enabled: wanted,
    staleTime: 300_000,
    queryFn: async () => columnsOf(await (await batches.readSample(api)).text()),
  });
}

/** Runs the valid rows of a table. One press is one order, however often it is sent. */
export function useSubmit(id: string, onDone: (batch: batches.Batch) => void) {
  const api = useApi();
  const cache = useQueryClient();
  const order = useMutation({
    mutationFn: ({ body, key }: { body: batches.SubmitBody; key: string }) =>
      batches.submitImport(api, id, body, key),
    onSuccess: async (batch) => {
      await cache.invalidateQueries({ queryKey: ["tables"] });
      onDone(batch);
    },
  });
  return {
    ...order,
    start: (body: batches.SubmitBody) => order.mutate({ body, key: idempotencyKey() }),
    again: () => order.variables && order.mutate(order.variables),
  };
}

export function useBatch(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["batches", id, "batch"],
    queryFn: ({ signal }) => batches.readBatch(api, id, signal),
  });
}

/** The counts of a batch, asked as `usePolled` says. */
export function useBatchProgress(id: string) {
  const api = useApi();
  return usePolled({
    queryKey: ["batches", id, "progress"],
    read: (signal) => batches.readBatchProgress(api, id, signal),
    runs: (progress) => isOpen(progress.state),
  });
}

/** The rows that have started. They are asked again when a row started or ended. */
export function useLines(id: string, progress: batches.BatchProgress | undefined) {
  const api = useApi();
  const lines = useInfiniteQuery({
    queryKey: ["batches", id, "lines"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => batches.listLines(api, id, pageParam, signal),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });
  const seen = useRef<string | null>(null);
  const now = progress ? JSON.stringify([progress.run, progress.state, progress.jobs]) : null;
  const { refetch } = lines;
  useEffect(() => {
    const before = seen.current;
    seen.current = now;
    if (before !== null && now !== null && before !== now) void refetch();
  }, [now, refetch]);
  return lines;
}

/** What can be done with a batch; its documents are read again afterwards. */
export function useBatchActions(id: string) {
  const api = useApi();
  const cache = useQueryClient();
  const onSettled = () => cache.invalidateQueries({ queryKey: ["batches"] });
  const cancel = useMutation({ mutationFn: () => batches.cancelBatch(api, id), onSettled });
  const redrive = useMutation({
    mutationFn: (key: string) => batches.redriveBatch(api, id, key),
    onSettled,
  });
  return { cancel, redrive: { ...redrive, start: () => redrive.mutate(idempotencyKey()) } };
}
