/** Numbers, money, sizes and times as people read them. */

const NO_BREAK = "\u00a0";
const language = document.documentElement.lang || "en";

const integers = new Intl.NumberFormat(language);
const clockTimes = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
const shortTimes = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const dateTimes = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const days = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
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

export function milliseconds(value: number): string {
  return `${integer(value)}${NO_BREAK}ms`;
}

export function clockTime(iso: string): string {
  return clockTimes.format(new Date(iso));
}

/** Returns hours and minutes, such as `14:32`. */
export function timeOfDayText(iso: string): string {
  return shortTimes.format(new Date(iso));
}

export function dateTime(iso: string): string {
  return dateTimes.format(new Date(iso));
}

/** Returns a date without a time, such as `2026-11-30`, in words. */
export function calendarDay(date: string): string {
  return days.format(new Date(`${date.slice(0, 10)}T00:00:00Z`));
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
