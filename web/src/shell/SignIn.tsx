import { useState, type FormEvent } from "react";
import { useSession } from "@/api/session";
import { ApiError } from "@/api/errors";
import { Button, ErrorNote, Field } from "@/ui/basics";
import { useT } from "@/i18n";
import { usePageTitle } from "@/lib/pageTitle";

export function SignIn() {
  const t = useT();
  const { signIn, error: broken } = useSession();
  const [key, setKey] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  usePageTitle(t("Sign in"));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await signIn(key.trim());
    } catch (problem) {
      setError(problem as ApiError);
      setBusy(false);
    }
  };

  return (
    <main className="door">
      <section className="card">
        <form className="card-body" onSubmit={(event) => void submit(event)}>
          <span className="brand">
            <img src={`${import.meta.env.BASE_URL}slipway.svg`} alt="" width="28" height="28" />
            slipway
          </span>
          <h1>{t("Sign in")}</h1>
          <Field label={t("API key")} hint={t("An API key of this server. The first administrator’s key is in the file admin.key in the server’s data directory.")} error={error?.message}>
            {(ids) => <input {...ids} className="input mono" type="password" value={key} required autoFocus autoComplete="current-password" spellCheck={false} onChange={(event) => setKey(event.target.value)} />}
          </Field>
          <ErrorNote error={broken} />
          <Button kind="primary" type="submit" busy={busy}>
            {t("Sign in")}
          </Button>
        </form>
      </section>
    </main>
  );
}
