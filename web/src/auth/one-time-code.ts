/** `studio console` opens the console with a one-time code, which the local server exchanges once. */
import { SignInError, type Tokens } from "./cognito.ts";

/** Returns the tokens for the code in the address, or null when there is no code. */
export async function exchangeOneTimeCode(): Promise<Tokens | null> {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (!code) return null;
  history.replaceState(null, "", location.pathname + location.search);
  const response = await fetch("/local/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
  });
  if (!response.ok) throw new SignInError("CodeRefused", "");
  const answer = await response.json();
  return { idToken: answer.id_token, refreshToken: answer.refresh_token };
}
