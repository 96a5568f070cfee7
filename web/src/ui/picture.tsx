import { useState } from "react";
import { shell } from "../i18n/index.ts";

/**
 * An image in its place. Signed addresses expire: the first failure asks the caller for a fresh one,
 * the second shows the empty place.
 */
export function Picture({
  src,
  alt,
  className = "",
  onExpired,
}: {
  src: string | null | undefined;
  alt: string;
  className?: string;
  onExpired?: () => void;
}) {
  const [failed, setFailed] = useState<string | null>(null);
  if (!src || failed === src) {
    return (
      <span className={`picture picture-empty ${className}`}>
        <span>{shell.parts.noImage}</span>
      </span>
    );
  }
  return (
    <span className={`picture ${className}`}>
      <img
        src={src}
        alt={alt}
        loading="lazy"
        decoding="async"
        onError={() => {
          setFailed(src);
          onExpired?.();
        }}
      />
    </span>
  );
}
