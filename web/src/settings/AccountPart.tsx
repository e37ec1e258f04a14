import { useState, type FormEvent } from "react";
import { CreateKeyDocument, RevokeKeyDocument, type AccountQuery } from "@/generated/graphql";
import { useChange } from "@/api/hooks";
import { Ago, Button, Card, CopyCommand, Facts, Field } from "@/ui/basics";
import { Confirm } from "@/ui/overlay";
import { useToasts } from "@/ui/toasts";
import { useSpeech, type Language } from "@/i18n";
import { chooseTheme, useTheme, type Theme } from "@/lib/theme";
import { nodesOf } from "@/lib/nodes";
import { NewKey } from "./NewKey";

type Viewer = NonNullable<AccountQuery["viewer"]>;

export function AccountPart({ viewer }: { viewer: Viewer }) {
  const { t } = useSpeech();
  return (
    <div className="stack">
      <Card title={t("You")}>
        <Facts
          rows={[
            [t("Name"), viewer.username ?? viewer.name],
            [t("E-mail"), viewer.email],
            [t("Works by default in"), viewer.entity],
            [t("Role"), viewer.admin ? t("Administrator of the server") : null],
          ]}
        />
      </Card>
      <Appearance />
      <Keys viewer={viewer} />
      <Card title={t("Command line")}>
        <div className="stack tight">
          <p className="muted">{t("To use this server from a terminal:")}</p>
          <CopyCommand command={`export WANDB_BASE_URL=${location.origin}`} />
          <CopyCommand command="slipway login" />
        </div>
      </Card>
    </div>
  );
}

function Appearance() {
  const { t, language, setLanguage } = useSpeech();
  const theme = useTheme();
  return (
    <Card title={t("Appearance")}>
      <div className="grid-2">
        <Field label={t("Language")}>
          {(ids) => (
            <select {...ids} className="input" value={language} onChange={(event) => setLanguage(event.target.value as Language)}>
              <option value="en">English</option>
              <option value="ja">日本語</option>
            </select>
          )}
        </Field>
        <Field label={t("Colours")}>
          {(ids) => (
            <select {...ids} className="input" value={theme} onChange={(event) => chooseTheme(event.target.value as Theme)}>
              <option value="system">{t("As the system has it")}</option>
              <option value="light">{t("Light")}</option>
              <option value="dark">{t("Dark")}</option>
            </select>
          )}
        </Field>
      </div>
    </Card>
  );
}

function Keys({ viewer }: { viewer: Viewer }) {
  const { t } = useSpeech();
  const { say, complain } = useToasts();
  const create = useChange(CreateKeyDocument);
  const revoke = useChange(RevokeKeyDocument);
  const [name, setName] = useState("");
  const [shown, setShown] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<{ id: string; name: string } | null>(null);
  const keys = nodesOf(viewer.apiKeys);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { input: { name: name.trim() } },
      {
        onError: complain,
        onSuccess: (answer) => {
          setShown(answer.createApiKey?.apiKey ?? null);
          setName("");
        },
      },
    );
  };
  const confirmRevoke = () =>
    revoking && revoke.mutate({ input: { id: revoking.id } }, { onError: complain, onSuccess: () => say(t("The key is revoked.")), onSettled: () => setRevoking(null) });

  return (
    <Card title={t("API keys")}>
      <div className="stack">
        <NewKey apiKey={shown} onClose={() => setShown(null)} />
        <form className="row key-form" onSubmit={submit}>
          <input className="input" required aria-label={t("What the new key is for")} placeholder={t("What the new key is for")} value={name} onChange={(event) => setName(event.target.value)} />
          <Button type="submit" icon="plus" busy={create.isPending}>
            {t("Create a key")}
          </Button>
        </form>
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th>{t("Key")}</th>
                <th className="wide">{t("Created")}</th>
                <th>{t("Last used")}</th>
                <th>
                  <span className="visually-hidden">{t("Actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.id}>
                  <td className="strong">{key.description || key.name}</td>
                  <td className="wide muted">
                    <Ago at={key.createdAt} />
                  </td>
                  <td className="muted">
                    <Ago at={key.lastUsedAt} />
                  </td>
                  <td className="num">
                    <Button kind="quiet" onClick={() => setRevoking({ id: key.id, name: key.description || key.name || key.id })}>
                      {t("Revoke")}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <Confirm
        title={t("Revoke the key “{name}”?", { name: revoking?.name ?? "" })}
        text={t("Whatever uses it is refused from now on, agents and this session included if they signed in with it.")}
        action={t("Revoke")}
        open={revoking !== null}
        busy={revoke.isPending}
        onConfirm={confirmRevoke}
        onClose={() => setRevoking(null)}
      />
    </Card>
  );
}
