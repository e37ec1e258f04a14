// Teams, who is in them and what they may do; new people and service accounts.
import { useState, type FormEvent } from "react";
import { CreateTeamDocument, CreateUserDocument, SetMemberDocument, TeamMembersDocument, type AccountQuery, type Role } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { useWho } from "@/api/session";
import type { ApiError } from "@/api/errors";
import { Button, Card, ErrorNote, Field, Loading } from "@/ui/basics";
import { useToasts } from "@/ui/toasts";
import { useT, type Message } from "@/i18n";
import { NewKey } from "./NewKey";

type Viewer = NonNullable<AccountQuery["viewer"]>;
const ROLES: Record<Role, Message> = { ADMIN: "Administrator", MEMBER: "Member", VIEWER: "Viewer", AGENT: "Agent" };
const ROLE_WORDS = Object.keys(ROLES) as Role[];

export function TeamsPart({ viewer }: { viewer: Viewer }) {
  const { entities } = useWho();
  return (
    <div className="stack">
      {entities.map((entity) => (
        <Team key={entity} entity={entity} />
      ))}
      {viewer.admin && (
        <div className="two-columns">
          <NewTeam />
          <NewPerson entities={entities} />
        </div>
      )}
    </div>
  );
}

function Team({ entity }: { entity: string }) {
  const t = useT();
  const { complain } = useToasts();
  const { data, error, isPending } = useApi(TeamMembersDocument, { entity });
  const setMember = useChange(SetMemberDocument);
  const [adding, setAdding] = useState("");
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const put = (username: string, role: Role | null) => setMember.mutate({ input: { entityName: entity, username, role } }, { onError: complain });
  const add = (event: FormEvent) => {
    event.preventDefault();
    put(adding.trim(), "MEMBER");
    setAdding("");
  };
  return (
    <Card title={entity} flush>
      <table>
        <thead>
          <tr>
            <th>{t("Name")}</th>
            <th>{t("Role")}</th>
            <th>
              <span className="visually-hidden">{t("Actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.entity?.members.map((member) => (
            <tr key={member.username}>
              <td className="strong">
                {member.username} {member.service && <span className="tag">{t("service account")}</span>}
              </td>
              <td>
                <select className="input small" aria-label={t("Role of {name}", { name: member.username })} value={member.role} onChange={(event) => put(member.username, event.target.value as Role)}>
                  {ROLE_WORDS.map((role) => (
                    <option key={role} value={role}>
                      {t(ROLES[role])}
                    </option>
                  ))}
                </select>
              </td>
              <td className="num">
                <Button kind="quiet" icon="trash" aria-label={t("Remove {name}", { name: member.username })} onClick={() => put(member.username, null)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <form className="row key-form padded" onSubmit={add}>
        <input className="input" required aria-label={t("Name of a person to add to {entity}", { entity })} placeholder={t("Name of a person to add")} value={adding} onChange={(event) => setAdding(event.target.value)} />
        <Button type="submit" icon="plus" busy={setMember.isPending}>
          {t("Add")}
        </Button>
      </form>
    </Card>
  );
}

function NewTeam() {
  const t = useT();
  const { say } = useToasts();
  const create = useChange(CreateTeamDocument);
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ input: { name: name.trim() } }, { onSuccess: () => say(t("The team {name} is there. Sign in anew to work in it.", { name })) });
  };
  return (
    <Card title={t("New team")}>
      <form className="stack" onSubmit={submit}>
        <Field label={t("Name")} error={create.error?.message}>
          {(ids) => <input {...ids} className="input" required value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <div className="row form-end">
          <span className="spring" />
          <Button type="submit" icon="plus" busy={create.isPending}>
            {t("Create the team")}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function NewPerson({ entities }: { entities: string[] }) {
  const t = useT();
  const create = useChange(CreateUserDocument);
  const [name, setName] = useState("");
  const [service, setService] = useState(false);
  const [entity, setEntity] = useState(entities[0] ?? "");
  const [role, setRole] = useState<Role>("MEMBER");
  const [key, setKey] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    create.mutate(
      { input: { username: name.trim(), service, entityName: entity, role } },
      {
        onError: setError,
        onSuccess: (answer) => {
          setKey(answer.createUser?.apiKey ?? null);
          setName("");
        },
      },
    );
  };
  return (
    <Card title={t("New person or service account")}>
      <form className="stack" onSubmit={submit}>
        <NewKey apiKey={key} onClose={() => setKey(null)} />
        <Field label={t("Name")} error={error?.message}>
          {(ids) => <input {...ids} className="input" required value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <div className="grid-2">
          <Field label={t("Team")}>
            {(ids) => (
              <select {...ids} className="input" value={entity} onChange={(event) => setEntity(event.target.value)}>
                {entities.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t("Role")}>
            {(ids) => (
              <select {...ids} className="input" value={role} onChange={(event) => setRole(event.target.value as Role)}>
                {ROLE_WORDS.map((each) => (
                  <option key={each} value={each}>
                    {t(ROLES[each])}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <label className="check">
          <input type="checkbox" checked={service} onChange={(event) => setService(event.target.checked)} />
          {t("A service account, for agents and scripts")}
        </label>
        <div className="row form-end">
          <span className="spring" />
          <Button type="submit" icon="plus" busy={create.isPending}>
            {t("Create")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
