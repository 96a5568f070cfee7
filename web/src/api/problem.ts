/** Refusals of the API: problem documents (RFC 9457), and answers of the gateway that are none. */
import type { components } from "./schema.d.ts";

export type Problem = Partial<components["schemas"]["Problem"]> & { status: number };

export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds that the server asks to wait, or null. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** Returns the message about one member of the request body, such as `/prompt`. */
  field(pointer: string): string | undefined {
    return this.problem.errors?.find((error) => error.pointer === pointer)?.detail;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const body = JSON.parse(text);
    return { ...body, detail: body.detail ?? body.message, status: response.status };
  } catch {
    return { status: response.status };
  }
}

/** Tells whether the request never reached the server. */
export function isOffline(error: unknown): boolean {
  return error instanceof TypeError;
}
