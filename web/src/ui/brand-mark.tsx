import { useId } from "react";

/** The studio's mark, as in `public/icon.svg`. It is drawn here, so that it costs no request. */
export function BrandMark({ size }: { size: number }) {
  const gradient = useId();
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className="icon">
      <linearGradient id={gradient} x2="1" y2="1">
        <stop stopColor="#8f8bff" />
        <stop offset="1" stopColor="#5048d8" />
      </linearGradient>
      <rect width="32" height="32" rx="8" fill={`url(#${gradient})`} />
      <circle cx="21" cy="11.5" r="2.6" fill="#fff" />
      <path
        d="M6 23.5l6.2-8.4a1.6 1.6 0 0 1 2.6 0l3.5 4.8 1.9-2.5a1.6 1.6 0 0 1 2.6 0l3.2 4.3a1.2 1.2 0 0 1-1 1.9H6.8a.8.8 0 0 1-.8-.1z"
        fill="#fff"
      />
    </svg>
  );
}
