type Tone = "run" | "ok" | "bad";

/**
 * A progress bar. `value` is a percentage. It moves by transform alone, so that it costs no layout.
 */
export function Bar({ value, tone = "run", label }: { value: number; tone?: Tone; label: string }) {
  const whole = Math.round(value);
  return (
    <div
      className={`bar bar-${tone}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={whole}
    >
      <div className="bar-fill" style={{ transform: `scaleX(${Math.min(100, value) / 100})` }} />
    </div>
  );
}
