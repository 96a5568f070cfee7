import { type FormEvent, useState } from "react";
import { isOffline } from "../api/problem.ts";
import { shell } from "../i18n/index.ts";
import { useStudio } from "../studio.tsx";
import { BrandMark } from "../ui/brand-mark.tsx";
import { Button } from "../ui/button.tsx";
import { AsyncStatusBanner } from "../ui/feedback.tsx";
import { Field } from "../ui/field.tsx";
import {
  chooseNewPassword,
  NewPasswordRequired,
  SignInError,
  signInWithPassword,
} from "./cognito.ts";
import { startManagedSignIn } from "./pkce.ts";

const words = shell.signIn;

/** Returns the sentence that explains why a sign-in failed. */
export function explainSignIn(error: unknown): string {
  if (isOffline(error)) return words.offline;
  if (!(error instanceof SignInError)) return words.failed("Error");
  const known: Record<string, string> = {
    NotAuthorizedException: words.wrong,
    UserNotFoundException: words.wrong,
    InvalidPasswordException: words.invalidPassword,
    CodeRefused: words.codeRefused,
  };
  return known[error.code] ?? words.failed(error.code);
}

function PasswordForm({ onError }: { onError: (error: unknown) => void }) {
  const { config, session } = useStudio();
  const [challenge, setChallenge] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get("email"));
    const password = String(form.get("password"));
    setBusy(true);
    try {
      session.start(
        challenge === null
          ? await signInWithPassword(config, email, password)
          : await chooseNewPassword(config, email, String(form.get("new-password")), challenge),
      );
    } catch (error) {
      if (error instanceof NewPasswordRequired) setChallenge(error.session);
      else onError(error);
      setBusy(false);
    }
  }

  return (
    <form className="sign-in-card-form skeletons" onSubmit={submit}>
      <Field label={words.email}>
        {(control) => (
          <input
            {...control}
            className="input"
            name="email"
            type="email"
            autoComplete="username"
            readOnly={challenge !== null}
            required
          />
        )}
      </Field>
      {challenge === null ? (
        <Field label={words.password}>
          {(control) => (
            <input
              {...control}
              className="input"
              name="password"
              type="password"
              autoComplete="current-password"
              required
            />
          )}
        </Field>
      ) : (
        <Field label={words.newPassword} hint={words.newPasswordIntro}>
          {(control) => (
            <input
              {...control}
              className="input"
              name="new-password"
              type="password"
              autoComplete="new-password"
              required
            />
          )}
        </Field>
      )}
      <Button kind="primary" type="submit" busy={busy ? words.submitting : undefined}>
        {challenge === null ? words.submit : words.save}
      </Button>
    </form>
  );
}

/** The page of a user who is not signed in. */
export function SignIn({ notice }: { notice: string | null }) {
  const { config } = useStudio();
  const [problem, setProblem] = useState<string | null>(notice);
  return (
    <main className="sign-in signed-out">
      <div className="sign-in-card">
        <BrandMark size={40} />
        <div>
          <h1>{words.title}</h1>
          <p className="muted">{words.intro}</p>
        </div>
        {problem && <AsyncStatusBanner tone="bad">{problem}</AsyncStatusBanner>}
        {config.sign_in === "password" ? (
          <PasswordForm onError={(error) => setProblem(explainSignIn(error))} />
        ) : (
          <Button kind="primary" onClick={() => void startManagedSignIn(config)}>
            {words.managed}
          </Button>
        )}
      </div>
    </main>
  );
}
