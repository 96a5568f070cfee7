import { Component, type ReactNode } from "react";
import { useLocation } from "wouter";
import { shell } from "./i18n/index.ts";
import { Button } from "./ui/button.tsx";
import { AsyncStatusBanner } from "./ui/feedback.tsx";

interface Props {
  place: string;
  children: ReactNode;
}

/** Another place is another try. */
class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidUpdate({ place }: Props): void {
    if (place !== this.props.place && this.state.failed) this.setState({ failed: false });
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

/** Shows a sentence and a way out when a page cannot be drawn, such as after its file was removed. */
export function ErrorBoundary({ children }: { children: ReactNode }) {
  const [place] = useLocation();
  return <Boundary place={place}>{children}</Boundary>;
}
