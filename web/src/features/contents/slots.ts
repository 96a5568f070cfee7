/** What the pages show of an image slot. No DOM. */
import type { Slot, SlotBody } from "../../api/contents.ts";

export type View = "desktop" | "mobile";

/** A file of the library. */
export interface FileOf {
  assetId: string;
  rendition: string | null;
}

/** Returns the file that an address of the API names, such as `/v1/assets/ast_1/content?rendition=mobile`. */
export function fileOf(address: string | null): FileOf | null {
  const [, assetId, query] =
    /^\/v1\/assets\/([^/?]+)\/content(?:\?(.*))?$/.exec(address ?? "") ?? [];
  if (assetId === undefined) return null;
  return { assetId, rendition: new URLSearchParams(query).get("rendition") };
}

/** Returns the address of a slot's picture for a view, else that for all devices. */
export function addressOf(slot: Slot, view: View): string | null {
  return (view === "desktop" ? slot.desktop_url : slot.mobile_url) ?? slot.image_url;
}

export const positions = [1, 2, 3, 4, 5] as const;

const devices = ["all", "desktop", "mobile"] as const;

/** Returns the devices that a place has no image for yet; `position` null is the featured image. */
export function freeDevices(
  slots: readonly Slot[],
  position: number | null,
  except?: string,
): SlotBody["device"][] {
  const taken = slots
    .filter((slot) => slot.position === position && slot.id !== except)
    .map((slot) => slot.device);
  if (taken.length === 0) return [...devices];
  if (position === null || taken.includes("all")) return [];
  return devices.filter((device) => device !== "all" && !taken.includes(device));
}

/** Returns the places that still take an image, the featured one first. */
export function freePlaces(slots: readonly Slot[], except?: string): (number | null)[] {
  return [null, ...positions].filter((place) => freeDevices(slots, place, except).length > 0);
}

/** Returns the id of the job that a refusal names, or null. */
export function jobNamed(message: string): string | null {
  return /\bjob_[0-9A-HJKMNP-TV-Z]{26}\b/.exec(message)?.[0] ?? null;
}
