/**
 * The signed-in user of this tab. The ID token stays in memory. The refresh token stays in session
 * storage, so that a reload resumes and a closed tab ends the session.
 */
import type { Config } from "../config.ts";
import { refresh, revoke, type Tokens } from "./cognito.ts";

const REFRESH_TOKEN = "studio.refresh";
const CHANNEL = "studio.session";
const EARLY_SECONDS = 60;

export interface User {
  name: string;
  tenant: string;
}

function claimsOf(token: string): Record<string, unknown> {
  const payload = token.split(".")[1] ?? "";
  const base64 = payload.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

export class Session {
  readonly #config: Config;
  #idToken: string | null = null;
  #expiresAt = 0;
  #refreshing: Promise<string | null> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #channel = new BroadcastChannel(CHANNEL);

  constructor(config: Config) {
    this.#config = config;
    this.#channel.onmessage = () => this.#forget();
  }

  get signedIn(): boolean {
    return this.#idToken !== null;
  }

  get user(): User {
    const claims = this.#idToken ? claimsOf(this.#idToken) : {};
    // A user may have been created without a mail address.
    const name = claims.email ?? claims["cognito:username"] ?? "";
    return { name: String(name), tenant: String(claims["custom:tenant"] ?? "") };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(tokens: Tokens): void {
    this.#keep(tokens);
    this.#tell();
  }

  /** Continues the session of a reloaded tab, if there is one. */
  async resume(): Promise<void> {
    if (sessionStorage.getItem(REFRESH_TOKEN)) await this.#refreshOnce();
  }

  /** Returns a valid ID token, or null when the user has to sign in again. */
  async token(): Promise<string | null> {
    if (!this.#idToken) return null;
    if (Date.now() / 1000 < this.#expiresAt - EARLY_SECONDS) return this.#idToken;
    return this.#refreshOnce();
  }

  /** Ends the session here, in other tabs and at Cognito. */
  async signOut(): Promise<void> {
    const refreshToken = sessionStorage.getItem(REFRESH_TOKEN);
    this.#channel.postMessage("signed-out");
    this.#forget();
    if (refreshToken) await revoke(this.#config, refreshToken).catch(() => undefined);
  }

  /** Ends the session of this tab after the API refused its token. */
  expire(): void {
    this.#forget();
  }

  // Ten requests that find the token expired share one refresh.
  #refreshOnce(): Promise<string | null> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<string | null> {
    const refreshToken = sessionStorage.getItem(REFRESH_TOKEN);
    if (!refreshToken) return null;
    try {
      this.#keep(await refresh(this.#config, refreshToken));
    } catch (error) {
      // A lost connection is no reason to sign out: the next request tries again.
      if (error instanceof TypeError) throw error;
      this.#forget();
      return null;
    }
    this.#tell();
    return this.#idToken;
  }

  #keep(tokens: Tokens): void {
    this.#idToken = tokens.idToken;
    this.#expiresAt = Number(claimsOf(tokens.idToken).exp);
    sessionStorage.setItem(REFRESH_TOKEN, tokens.refreshToken);
  }

  #forget(): void {
    this.#idToken = null;
    sessionStorage.removeItem(REFRESH_TOKEN);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
