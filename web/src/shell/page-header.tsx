import { Fragment, type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { Link } from "wouter";
import { shell } from "../i18n/index.ts";
import { Icon } from "../ui/icons.tsx";

export interface Crumb {
  label: string;
  path?: string;
}

/**
 * Title and actions of a page. Sets the window's title and the path in the top bar.
 *
 * `path` leads to the page, without the page itself, which is `crumb` there.
 */
export function PageHeader({
  title,
  path = [],
  crumb = title,
  lead,
  below,
  actions,
}: {
  title: string;
  path?: readonly Crumb[];
  crumb?: string;
  lead?: ReactNode;
  below?: ReactNode;
  actions?: ReactNode;
}) {
  const [place, setPlace] = useState<Element | null>(null);
  useEffect(() => setPlace(document.getElementById("page-path")), []);
  useEffect(() => {
    document.title = `${crumb} · ${shell.product}`;
  }, [crumb]);
  return (
    <header className="page-header">
      {place &&
        createPortal(
          <>
            {path.map((crumb) => (
              <Fragment key={crumb.label}>
                {crumb.path ? (
                  <Link href={crumb.path}>{crumb.label}</Link>
                ) : (
                  <span>{crumb.label}</span>
                )}
                <Icon name="chevronRight" size={14} />
              </Fragment>
            ))}
            <span className="one-line page-path-here">{crumb}</span>
          </>,
          place,
        )}
      {lead}
      <div className="page-heading">
        <h1>{title}</h1>
        {below}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}
