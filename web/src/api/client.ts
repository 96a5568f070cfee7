/** The studio's API: token, conditional reads, problem documents. Types come from its OpenAPI document. */
import createClient, { type Client } from "openapi-fetch";
import type { Session } from "../auth/session.ts";
import { ApiError, problemOf } from "./problem.ts";
import type { paths } from "./schema.d.ts";

export type Api = Client<paths>;

const KEPT_ANSWERS = 200;

interface KeptAnswer {
  etag: string;
  body: string;
  headers: [string, string][];
}

/** Milliseconds that the server's clock is ahead of this machine's. */
export let clockOffset = 0;

/**
 * Returns a client for one session.
 *
 * A repeated GET carries the ETag of the last answer; an unchanged answer comes from memory. A refused
 * request throws an ApiError. Nothing of an answer stays after sign-out.
 */
export function createApi(session: Session): { api: Api; forget: () => void } {
  const kept = new Map<string, KeptAnswer>();

  async function send(request: Request): Promise<Response> {
    const token = await session.token();
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    const last = request.method === "GET" ? kept.get(request.url) : undefined;
    if (last) request.headers.set("If-None-Match", last.etag);
    const response = await fetch(request, { cache: "no-store" });
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (!Number.isNaN(date)) clockOffset = date - Date.now();
    if (response.status === 304 && last) {
      // Chromium reports an answer whose body is not read as a failed request.
      await response.text();
      return new Response(last.body, { headers: last.headers });
    }
    if (response.status === 401) session.expire();
    if (!response.ok) throw new ApiError(await problemOf(response), retryAfter(response));
    const etag = response.headers.get("ETag");
    const document = response.headers.get("Content-Type")?.includes("json");
    if (request.method !== "GET" || !etag || !document) return response;
    const body = await response.text();
    kept.delete(request.url);
    kept.set(request.url, { etag, body, headers: [...response.headers] });
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT_ANSWERS && oldest) kept.delete(oldest);
    return new Response(body, { headers: response.headers });
  }

  const api = createClient<paths>({ baseUrl: location.origin, fetch: send });
  return { api, forget: () => kept.clear() };
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return Number.isNaN(seconds) ? null : seconds;
}

/** Returns the body of an answer; the client has thrown before if there is none. */
export function bodyOf<T>(answer: { data?: T }): T {
  if (answer.data === undefined) throw new Error("the answer has no body");
  return answer.data;
}

/** Returns a new key: one press orders once, however often it is sent. */
export function idempotencyKey(): string {
  return crypto.randomUUID();
}
