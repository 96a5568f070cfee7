import type { ReactNode } from "react";

/** A quiet sheet with an optional header: title, count, action on the right. */
export function GlassyCard({
  title,
  count,
  action,
  footer,
  className = "",
  children,
}: {
  title?: ReactNode;
  count?: number | string | undefined;
  action?: ReactNode;
  footer?: ReactNode;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <section className={`card ${className}`}>
      {title !== undefined && (
        <header className="card-header">
          <h2>{title}</h2>
          {count !== undefined && <span className="count-chip">{count}</span>}
          {action && <div className="card-action">{action}</div>}
        </header>
      )}
      {children}
      {footer && <footer className="card-footer">{footer}</footer>}
    </section>
  );
}

export function SectionHeader({
  title,
  count,
  action,
}: {
  title: string;
  count?: string | undefined;
  action?: ReactNode;
}) {
  return (
    <header className="section-header">
      <h2>{title}</h2>
      {count && <span className="muted">{count}</span>}
      {action && <div className="section-action">{action}</div>}
    </header>
  );
}
