/** Sign-in by Cognito's managed login: authorization code with PKCE (RFC 7636). */
import type { Config } from "../config.ts";
import { SignInError, type Tokens } from "./cognito.ts";

const PENDING = "studio.pkce";

interface PendingSignIn {
  state: string;
  verifier: string;
  returnTo: string;
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function random(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** Returns the S256 challenge of a code verifier. */
export async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64Url(new Uint8Array(digest));
}

function redirectUri(): string {
  return `${location.origin}/signed-in`;
}

/** Leaves for the managed login page. */
export async function startManagedSignIn(config: Config): Promise<void> {
  const pending: PendingSignIn = {
    state: random(),
    verifier: random(),
    returnTo: location.pathname + location.search,
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: config.client_id,
    redirect_uri: redirectUri(),
    scope: "openid email profile",
    state: pending.state,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: "S256",
  });
  location.assign(`${config.login_url}/oauth2/authorize?${query}`);
}

/**
 * Exchanges the code of the redirect for tokens and returns the path to show next.
 *
 * @throws {SignInError} if the login failed or the answer belongs to no sign-in of this tab.
 */
export async function finishManagedSignIn(
  config: Config,
): Promise<{ tokens: Tokens; returnTo: string }> {
  const query = new URLSearchParams(location.search);
  const saved = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  const pending: PendingSignIn | null = saved ? JSON.parse(saved) : null;
  const code = query.get("code");
  if (!pending || !code || query.get("state") !== pending.state) {
    throw new SignInError(query.get("error") ?? "StateMismatch", "");
  }
  const response = await fetch(`${config.login_url}/oauth2/token`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: config.client_id,
      code,
      redirect_uri: redirectUri(),
      code_verifier: pending.verifier,
    }),
  });
  if (!response.ok) throw new SignInError("CodeRefused", "");
  const answer = await response.json();
  return {
    tokens: { idToken: answer.id_token, refreshToken: answer.refresh_token },
    returnTo: pending.returnTo,
  };
}
