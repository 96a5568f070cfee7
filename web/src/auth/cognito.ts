/** Calls to Cognito: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/ */
import type { Config } from "../config.ts";

export interface Tokens {
  idToken: string;
  refreshToken: string;
}

/** A refusal by Cognito; `code` is the name of its exception. */
export class SignInError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The user must choose a password of their own before the first sign-in. */
export class NewPasswordRequired extends Error {
  readonly session: string;

  constructor(session: string) {
    super("new password required");
    this.session = session;
  }
}

interface AuthenticationResult {
  IdToken: string;
  RefreshToken?: string;
}

interface AuthenticationAnswer {
  AuthenticationResult?: AuthenticationResult;
  ChallengeName?: string;
  Session?: string;
}

async function call(config: Config, action: string, body: object): Promise<AuthenticationAnswer> {
  const response = await fetch(config.cognito_url, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : {};
  if (!response.ok) {
    const code = String(answer.__type ?? response.status).replace(/^.*#/, "");
    throw new SignInError(code, String(answer.message ?? ""));
  }
  return answer;
}

function tokensOf(answer: AuthenticationAnswer, refreshToken = ""): Tokens {
  if (answer.ChallengeName === "NEW_PASSWORD_REQUIRED" && answer.Session) {
    throw new NewPasswordRequired(answer.Session);
  }
  const result = answer.AuthenticationResult;
  if (!result) throw new SignInError(answer.ChallengeName ?? "NoTokens", "");
  return { idToken: result.IdToken, refreshToken: result.RefreshToken ?? refreshToken };
}

export async function signInWithPassword(
  config: Config,
  username: string,
  password: string,
): Promise<Tokens> {
  return tokensOf(
    await call(config, "InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: config.client_id,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );
}

export async function chooseNewPassword(
  config: Config,
  username: string,
  password: string,
  session: string,
): Promise<Tokens> {
  return tokensOf(
    await call(config, "RespondToAuthChallenge", {
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      ClientId: config.client_id,
      Session: session,
      ChallengeResponses: { USERNAME: username, NEW_PASSWORD: password },
    }),
  );
}

/** With rotation on, Cognito refuses REFRESH_TOKEN_AUTH; this call serves both cases. */
export async function refresh(config: Config, refreshToken: string): Promise<Tokens> {
  const answer = await call(config, "GetTokensFromRefreshToken", {
    ClientId: config.client_id,
    RefreshToken: refreshToken,
  });
  return tokensOf(answer, refreshToken);
}

export async function revoke(config: Config, refreshToken: string): Promise<void> {
  await call(config, "RevokeToken", { ClientId: config.client_id, Token: refreshToken });
}
