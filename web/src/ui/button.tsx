import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "wouter";
import { shell } from "../i18n/index.ts";
import { Icon, type IconName } from "./icons.tsx";

type Kind = "primary" | "outline" | "fill" | "quiet" | "danger";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  icon?: IconName;
  small?: boolean;
  /** Word beside the ring while the action runs; the button is off meanwhile. */
  busy?: string | undefined;
}

export function Button({
  kind = "outline",
  icon,
  small = false,
  busy,
  className = "",
  children,
  disabled,
  ...rest
}: ButtonProps) {
  const size = small ? "button-small" : "";
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy !== undefined}
      aria-busy={busy !== undefined}
      className={`button button-${kind} ${size} ${className}`}
    >
      {busy !== undefined ? <Icon name="ring" size={16} /> : icon && <Icon name={icon} size={16} />}
      {busy ?? children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  kind = "outline",
  icon,
  small = false,
  children,
}: {
  href: string;
  kind?: Kind;
  icon?: IconName;
  small?: boolean;
  children: ReactNode;
}) {
  return (
    <Link href={href} className={`button button-${kind} ${small ? "button-small" : ""}`}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </Link>
  );
}

/** A button that shows an icon only; `label` is its name. */
export function IconButton({
  icon,
  label,
  ...rest
}: { icon: IconName; label: string } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

export type Price = { state: "known"; text: string } | { state: "estimating" | "unknown" };

/** The button that orders: verb and count on the left, the price on the right. */
export function CostButton({
  label,
  price,
  busy,
  icon = "sparkle",
  ...rest
}: {
  label: string;
  price: Price;
  busy?: string | undefined;
  icon?: IconName;
} & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy !== undefined}
      aria-busy={busy !== undefined}
      className="button button-primary cost-button"
    >
      <Icon name={busy === undefined ? icon : "ring"} />
      <span className="cost-button-label">{busy ?? label}</span>
      <span className="cost-button-price">
        {price.state === "known" && price.text}
        {price.state === "unknown" && shell.parts.priceUnknown}
        {price.state === "estimating" && (
          <span className="cost-button-estimating">
            <span className="visually-hidden">{shell.parts.estimating}</span>
          </span>
        )}
      </span>
    </button>
  );
}
