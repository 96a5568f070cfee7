import { Suspense, useSyncExternalStore } from "react";
import { Redirect, Route, Router, Switch } from "wouter";
import { SignIn } from "./auth/sign-in.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { localeOf, shell } from "./i18n/index.ts";
import { pages } from "./pages.tsx";
import { Layout } from "./shell/layout.tsx";
import { useStudio } from "./studio.tsx";
import { ButtonLink } from "./ui/button.tsx";
import { Empty, LoadingSkeleton } from "./ui/feedback.tsx";

// The founding documents name pages by these paths.
const aliases = [
  ["/image-generator", "/create"],
  ["/import", "/batch"],
  ["/library", "/assets"],
] as const;

function Pages() {
  return (
    <Suspense fallback={<LoadingSkeleton />}>
      <Switch>
        {pages.map(({ path, component }) => (
          <Route key={path} path={path} component={component} />
        ))}
        {aliases.map(([from, to]) => (
          <Route key={from} path={from}>
            <Redirect to={to} replace />
          </Route>
        ))}
        <Route>
          <Empty
            icon="question"
            title={shell.problems.notFound}
            actions={
              <ButtonLink href="/" kind="primary">
                {shell.problems.goHome}
              </ButtonLink>
            }
          >
            {null}
          </Empty>
        </Route>
      </Switch>
    </Suspense>
  );
}

/** The console: sign-in, or the frame with the page of the address. */
export function App({ notice }: { notice: string | null }) {
  const { session } = useStudio();
  const signedIn = useSyncExternalStore(session.subscribe, () => session.signedIn);
  const language = localeOf(location.pathname);
  if (!signedIn) return <SignIn notice={notice} />;
  return (
    <Router base={language ? `/${language}` : ""}>
      <Layout>
        <ErrorBoundary>
          <Pages />
        </ErrorBoundary>
      </Layout>
    </Router>
  );
}
