// The first file fixes the order of the layers.
import "./ui/base.css";
import "./ui/tokens.css";
import "./ui/parts.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { createApi } from "./api/client.ts";
import { App } from "./app.tsx";
import { exchangeOneTimeCode } from "./auth/one-time-code.ts";
import { finishManagedSignIn } from "./auth/pkce.ts";
import { Session } from "./auth/session.ts";
import { explainSignIn } from "./auth/sign-in.tsx";
import { type Config, loadConfig } from "./config.ts";
import { createCache, StudioProvider } from "./studio.tsx";
import { applyStoredTheme } from "./ui/theme.ts";

applyStoredTheme();

/** Signs in by what the address or the tab's storage holds. Returns why that failed, or null. */
async function resume(config: Config, session: Session): Promise<string | null> {
  try {
    if (location.pathname === "/signed-in") {
      const { tokens, returnTo } = await finishManagedSignIn(config);
      session.start(tokens);
      history.replaceState(null, "", returnTo);
      return null;
    }
    const tokens = await exchangeOneTimeCode();
    if (tokens) session.start(tokens);
    else await session.resume();
    return null;
  } catch (error) {
    return explainSignIn(error);
  }
}

async function start(root: Element): Promise<void> {
  const config = await loadConfig();
  const session = new Session(config);
  const { api, forget } = createApi(session);
  const cache = createCache();
  session.subscribe(() => {
    if (session.signedIn) return;
    forget();
    cache.clear();
  });
  const notice = await resume(config, session);
  createRoot(root).render(
    <StudioProvider value={{ config, session, api }}>
      <QueryClientProvider client={cache}>
        <App notice={notice} />
      </QueryClientProvider>
    </StudioProvider>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);
