import { texts } from "../../i18n/index.ts";
import { Segment } from "../../ui/field.tsx";

type Quality = "draft" | "standard" | "premium" | null;

/** A quality to propose, or none. */
export function QualityField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: Quality;
  onChange: (value: Quality) => void;
}) {
  const words = texts("settings").qualities;
  return (
    <div className="settings-group">
      <p className="settings-label" aria-hidden="true">
        {label}
      </p>
      <Segment
        label={label}
        value={value ?? "none"}
        options={(["none", "draft", "standard", "premium"] as const).map((quality) => ({
          value: quality,
          label: words[quality],
        }))}
        onChange={(quality) => onChange(quality === "none" ? null : quality)}
      />
    </div>
  );
}
