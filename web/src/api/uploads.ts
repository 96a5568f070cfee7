/** Files on their way into the studio: announced, sent to the bucket, and completed. */
import { type Api, bodyOf } from "./client.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Upload = Schemas["Upload"];
export type AnnouncedUpload = Schemas["AnnouncedUpload"];
export type UploadBody = Schemas["UploadBody"];

/** The bucket did not take a file. */
export class UploadRefused extends Error {}

export async function announceUpload(api: Api, body: UploadBody): Promise<AnnouncedUpload> {
  return bodyOf(await api.POST("/v1/uploads", { body }));
}

/** Tells the studio that the file is there; it is read, checked and registered. */
export async function completeUpload(api: Api, id: string): Promise<Schemas["CompletedUpload"]> {
  const params = { path: { upload_id: id } };
  return bodyOf(await api.POST("/v1/uploads/{upload_id}/complete", { params }));
}

/**
 * Sends a file with the form that was announced. `fetch` reports no progress of what it sends.
 *
 * Rejects with UploadRefused if the bucket refuses it, and with TypeError without a connection.
 */
export function sendFile(
  announced: AnnouncedUpload,
  file: File,
  onSent: (share: number) => void,
): Promise<void> {
  const { url, fields } = announced;
  if (url === null || fields === null) return Promise.resolve();
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new UploadRefused(String(request.status)));
    request.onerror = () => reject(new TypeError("no connection"));
    request.open("POST", url);
    request.send(form);
  });
}
