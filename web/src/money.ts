/** Amounts are decimal strings in US dollars. Sums use whole micro-dollars, never floating point. */

/** Returns a decimal amount such as `0.04` in micro-dollars. */
export function microsOf(amount: string): bigint {
  const negative = amount.startsWith("-");
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const micros = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
  return negative ? -micros : micros;
}

/** Returns micro-dollars with a number of decimals (0 to 6), half rounded up, such as `$1,204.50`. */
export function dollars(micros: bigint, decimals = 2): string {
  const sign = micros < 0n ? "−" : "";
  const unit = 10n ** BigInt(6 - decimals);
  const rounded = ((micros < 0n ? -micros : micros) + unit / 2n) / unit;
  const digits = rounded.toString().padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const whole = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals > 0 ? `${sign}$${whole}.${digits.slice(cut)}` : `${sign}$${whole}`;
}

/** Returns an amount with two decimals, or three when two would hide a price below a cent's tenth. */
export function amountText(amount: string, decimals = 2): string {
  return dollars(microsOf(amount), decimals);
}

/** Returns the price of one image: three decimals at most, and no needless third one. */
export function priceText(amount: string): string {
  return dollars(microsOf(amount), 3).replace(/(\.\d\d)0$/, "$1");
}

/** Returns the share of a part in a whole, 0 to 1. */
export function share(part: bigint, whole: bigint): number {
  if (whole <= 0n) return part > 0n ? 1 : 0;
  return Number((part * 10_000n) / whole) / 10_000;
}
