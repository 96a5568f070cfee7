/** What the console needs to know about its stack; `config.json` is written after each deployment. */
export interface Config {
  /** `managed`: Cognito's own pages and PKCE. `password`: a form of the console, for the local stack. */
  sign_in: "managed" | "password";
  client_id: string;
  /** Address of the Cognito user pool API. */
  cognito_url: string;
  /** Address of Cognito's managed login; empty with `password`. */
  login_url: string;
}

export async function loadConfig(): Promise<Config> {
  const response = await fetch("/config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`config.json answered ${response.status}`);
  return (await response.json()) as Config;
}
