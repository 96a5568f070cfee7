import { Component, type ReactNode } from "react";
import { shell } from "./i18n/index.ts";
import { Button } from "./ui/button.tsx";
import { AsyncStatusBanner } from "./ui/feedback.tsx";

/** Shows a sentence and a way out when a page cannot be drawn, such as after its file was removed. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <AsyncStatusBanner
        tone="bad"
        action={
          <Button kind="quiet" small icon="retry" onClick={() => location.reload()}>
            {shell.problems.retry}
          </Button>
        }
      >
        {shell.problems.failed}
      </AsyncStatusBanner>
    );
  }
}
