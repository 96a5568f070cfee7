// One round trip with the types of the contract: order, repeat, read, page, problem, refusal.
import createClient from "openapi-fetch";
import type { components, paths } from "./studio.js";

type Job = components["schemas"]["Job"];

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

// All that is used of Node.js, whose own types are no part of the contract.
declare const process: { argv: string[] };

const [baseUrl, token] = process.argv.slice(2);
check(baseUrl !== undefined && token !== undefined, "usage: round_trip.js URL TOKEN");
const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

const header = { "Idempotency-Key": "typescript-1" };
const ordered = await api.POST("/v1/jobs", {
  params: { header },
  body: { operation: "generate", prompt: "a paper boat", variations: 2, labels: { from: "ts" } },
});
check(ordered.response.status === 202, "the order is accepted");
check(ordered.data !== undefined, "an accepted order has a job");
const job: Job = ordered.data;
check(ordered.response.headers.get("location") === `/v1/jobs/${job.id}`, "Location is the job");

const again = await api.POST("/v1/jobs", {
  params: { header },
  body: { operation: "generate", prompt: "a paper boat", variations: 2, labels: { from: "ts" } },
});
check(again.data?.id === job.id, "a repeat gets the same job");

const path = { job_id: job.id };
const read = await api.GET("/v1/jobs/{job_id}", { params: { path } });
check(read.data?.counts.total === 2, "the job has two images");
const etag = read.response.headers.get("etag");
check(etag !== null, "a read has an ETag");
const held = await api.GET("/v1/jobs/{job_id}", {
  params: { path, header: { "If-None-Match": etag } },
});
check(held.response.status === 304, "nothing changed");

const page = await api.GET("/v1/jobs/{job_id}/items", { params: { path, query: { limit: 1 } } });
check(page.data?.data[0]?.prompt === "a paper boat", "the item names its prompt");
check(page.data.page.next_cursor !== null, "there is a second page");

const saved = await api.PUT("/v1/recipes/{recipe_id}", {
  params: { path: { recipe_id: "boat" } },
  body: { job: { operation: "generate", prompt: "a boat" } },
});
check(saved.data?.version === 1, "the recipe is saved");
const removed = await api.DELETE("/v1/recipes/{recipe_id}", {
  params: { path: { recipe_id: "boat" }, header: { "If-Match": "*" } },
});
check(removed.response.status === 204, "the recipe is deleted");

const wrong = await api.POST("/v1/estimates", {
  body: { jobs: [{ operation: "generate", prompt: "a", size: "huge" }] },
});
check(wrong.error !== undefined && "errors" in wrong.error, "a wrong field is a problem");
check(wrong.error.errors?.[0]?.pointer === "/jobs/0/size", "the problem names the field");

const stranger = createClient<paths>({ baseUrl });
const refused = await stranger.GET("/v1/me");
check(refused.response.status === 401, "no token, no answer");
check(refused.error !== undefined && "message" in refused.error, "the gateway refuses in its way");

console.log(job.id);
