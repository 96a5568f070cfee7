/**
 * The queue of a run, built from the loaded images of a content: which images are made, in which
 * order, and why others are left out. The server decides by the same rules.
 */
import type { components } from "../../api/schema.d.ts";

type Schemas = components["schemas"];
type Device = Schemas["ContentImage"]["device"];

/** What the rules look at of an image. */
export type QueuedSlot = Pick<
  Schemas["ContentImage"],
  "id" | "type" | "position" | "device" | "prompt" | "status"
>;

/** What the rules look at of the settings of image generation. */
export type QueueSettings = Pick<
  Schemas["ImageGenerationConfig"],
  "max_in_article_images" | "desktop_enabled" | "mobile_enabled" | "separate_generation"
>;

export type Reason = Schemas["ExcludedImage"]["reason"];

/** One image that a run makes, and the devices that it is for. */
export interface QueueEntry<Slot> {
  slot: Slot;
  devices: Device[];
}

export interface RunQueue<Slot> {
  items: QueueEntry<Slot>[];
  excluded: { slot: Slot; reason: Reason }[];
}

export interface Selection {
  /** Ids of the images to make; left out for all. */
  wanted?: readonly string[] | undefined;
  /** Whether images are made again that are not pending. */
  force?: boolean | undefined;
}

const deviceOrder: readonly Device[] = ["all", "desktop", "mobile"];

// What shows nothing: controls, spaces, marks, and letters and symbols that are drawn as empty space.
const unseen = /^[\p{C}\p{Z}\p{M}\u115f\u1160\u3164\uffa0\u2800\u{13441}\u{13442}\u{1d159}]*$/u;

/** Tells whether a prompt shows nothing, as an empty one. */
export function isBlank(prompt: string | null): boolean {
  return prompt === null || unseen.test(prompt);
}

function slotNumber(id: string): number {
  return Number(id.slice(id.lastIndexOf("_") + 1));
}

/** Sorts the featured image first, then by position, device and number. */
function compareSlots(one: QueuedSlot, other: QueuedSlot): number {
  return (
    (one.position ?? 0) - (other.position ?? 0) ||
    deviceOrder.indexOf(one.device) - deviceOrder.indexOf(other.device) ||
    slotNumber(one.id) - slotNumber(other.id)
  );
}

function enabledDevices(settings: QueueSettings): Device[] {
  const devices: Device[] = [];
  if (settings.desktop_enabled) devices.push("desktop");
  if (settings.mobile_enabled) devices.push("mobile");
  return devices;
}

function obstacle(settings: QueueSettings, slot: QueuedSlot, force: boolean): Reason | null {
  if (slot.status !== "pending" && !force) return "not-pending";
  if (isBlank(slot.prompt)) return "no-prompt";
  if (slot.device !== "all" && !enabledDevices(settings).includes(slot.device))
    return "device-disabled";
  return null;
}

/** Returns the devices of each image that a slot needs: one image for all, or one for each. */
function groupsOf(settings: QueueSettings, slot: QueuedSlot): Device[][] {
  if (slot.device !== "all") return [[slot.device]];
  const devices = enabledDevices(settings);
  if (devices.length === 0) return [["all"]];
  return settings.separate_generation ? devices.map((device) => [device]) : [devices];
}

/**
 * Returns the queue of a run over one content. The limit of the settings counts positions, so an image
 * for each device counts once.
 */
export function buildQueue<Slot extends QueuedSlot>(
  settings: QueueSettings,
  slots: readonly Slot[],
  { wanted, force = false }: Selection = {},
): RunQueue<Slot> {
  const queue: RunQueue<Slot> = { items: [], excluded: [] };
  const positions = new Set<number>();
  for (const slot of [...slots].sort(compareSlots)) {
    if (wanted && !wanted.includes(slot.id)) continue;
    let reason = obstacle(settings, slot, force);
    if (reason === null && slot.position !== null) {
      positions.add(slot.position);
      if (positions.size > settings.max_in_article_images) reason = "over-limit";
    }
    if (reason !== null) queue.excluded.push({ slot, reason });
    else for (const devices of groupsOf(settings, slot)) queue.items.push({ slot, devices });
  }
  return queue;
}

/** Tells whether an image offers the run: it is pending and has a prompt. */
export function offersRun(slot: QueuedSlot): boolean {
  return slot.status === "pending" && !isBlank(slot.prompt);
}
