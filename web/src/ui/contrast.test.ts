/** Contrast of the tokens, computed: axe cannot judge translucent layers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

type Colour = readonly [red: number, green: number, blue: number, alpha: number];
type Theme = "light" | "dark";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** Returns a colour of CSS Color 4's oklch() in linear light. */
function linear(text: string): Colour {
  const numbers = text.match(/[\d.]+/g)?.map(Number) ?? [];
  const [l = 0, chroma = 0, hue = 0, alpha = 1] = numbers;
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    clamp(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    clamp(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    clamp(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
    alpha,
  ];
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

const encode = (x: number) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
const decode = (x: number) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);

/** Returns a colour laid over another; browsers blend encoded values. */
function over(top: Colour, ground: Colour): Colour {
  const mix = (at: 0 | 1 | 2) =>
    decode(encode(top[at]) * top[3] + encode(ground[at]) * (1 - top[3]));
  return [mix(0), mix(1), mix(2), 1];
}

function token(name: string, theme: Theme): Colour {
  const value = css.match(new RegExp(`--${name}: ([^;]+);`))?.[1] ?? "";
  const colours = value.match(/oklch\([^)]+\)/g) ?? [];
  const colour = colours.length === 2 && theme === "dark" ? colours[1] : colours[0];
  assert.ok(colour, `no colour --${name}`);
  return linear(colour);
}

function contrast(first: Colour, second: Colour): number {
  const luminance = ([r, g, b]: Colour) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const [low = 0, high = 0] = [luminance(first), luminance(second)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

for (const theme of ["light", "dark"] as const) {
  const ground = token("ground", theme);
  const surface = token("surface", theme);

  test(`${theme}: text is readable on the page, on cards and on the current item`, () => {
    const current = over(token("fill-hover", theme), ground);
    for (const text of ["text", "text-2", "text-3"]) {
      for (const behind of [ground, surface, token("inset", theme), current]) {
        assert.ok(contrast(token(text, theme), behind) >= 4.5, `${text} on ${behind}`);
      }
    }
  });

  test(`${theme}: states are readable on cards and on their chips`, () => {
    for (const [text, soft] of [
      ["ok", "ok-soft"],
      ["warn", "warn-soft"],
      ["bad", "bad-soft"],
      ["accent-text", "accent-soft"],
    ] as const) {
      const chip = over(token(soft, theme), surface);
      assert.ok(contrast(token(text, theme), surface) >= 4.5, `${text} on a card`);
      assert.ok(contrast(token(text, theme), chip) >= 4.5, `${text} on its chip`);
    }
  });

  test(`${theme}: white is readable on accents, control edges and bars stand out`, () => {
    const white: Colour = [1, 1, 1, 1];
    for (const solid of ["accent", "accent-hover", "bad-solid"]) {
      assert.ok(contrast(white, token(solid, theme)) >= 4.5, solid);
    }
    for (const mark of ["control", "ok-fill", "bad-fill", "warn-fill", "c1"]) {
      assert.ok(contrast(token(mark, theme), surface) >= 3, mark);
    }
  });
}
