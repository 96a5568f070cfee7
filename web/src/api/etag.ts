/** Documents with the ETag that a change of them must name. */
import { bodyOf } from "./client.ts";

export interface Versioned<T> {
  document: T;
  etag: string;
}

/** Returns the body of an answer with its ETag. */
export function versionOf<T>(answer: { data?: T; response: Response }): Versioned<T> {
  return { document: bodyOf(answer), etag: answer.response.headers.get("ETag") ?? "" };
}
