/** Numbers, money, sizes and times as people read them. */

const NO_BREAK = "\u00a0";
const language = document.documentElement.lang || "en";

const integers = new Intl.NumberFormat(language);
const clockTimes = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
const dateTimes = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const months = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });

export function integer(value: number): string {
  return integers.format(value);
}

export function percent(value: number): string {
  return `${Math.round(value)}${NO_BREAK}%`;
}

export function seconds(value: number): string {
  if (value < 100) return `${Math.round(value)}${NO_BREAK}s`;
  return `${Math.floor(value / 60)}${NO_BREAK}min ${Math.round(value % 60)}${NO_BREAK}s`;
}

export function clockTime(iso: string): string {
  return clockTimes.format(new Date(iso));
}

export function dateTime(iso: string): string {
  return dateTimes.format(new Date(iso));
}

export function monthName(date: Date): string {
  return months.format(date);
}

export function bytes(value: number): string {
  if (value < 1000) return `${value}${NO_BREAK}B`;
  if (value < 1_000_000) return `${Math.round(value / 1000)}${NO_BREAK}KB`;
  return `${(value / 1_000_000).toFixed(1)}${NO_BREAK}MB`;
}

export function dimensions(width: number | null, height: number | null): string {
  return width && height ? `${width}${NO_BREAK}×${NO_BREAK}${height}` : "";
}
