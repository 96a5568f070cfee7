/** What a page shows for something that does not exist, or belongs to another account. */
import { ApiError } from "../api/problem.ts";
import { ButtonLink } from "./button.tsx";
import { Empty } from "./feedback.tsx";

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status === 404;
}

export function Missing({
  title,
  children,
  href,
  action,
}: {
  title: string;
  children: string;
  href: string;
  action: string;
}) {
  return (
    <Empty
      icon="question"
      title={title}
      actions={
        <ButtonLink href={href} kind="primary">
          {action}
        </ButtonLink>
      }
    >
      {children}
    </Empty>
  );
}
