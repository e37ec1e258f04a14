// Who changed what: for administrators.
import { useState } from "react";
import { AuditLogDocument } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { useWho } from "@/api/session";
import { Button, Card, Clock, ErrorNote, Loading } from "@/ui/basics";
import { useT, type Message } from "@/i18n";
import { nodesOf } from "@/lib/nodes";

const STEP = 50;
const KINDS: { word: string; label: Message }[] = [
  { word: "", label: "Everything" },
  { word: "queue", label: "Queues" },
  { word: "item", label: "Items" },
  { word: "agent", label: "Agents" },
  { word: "key", label: "Keys" },
  { word: "member", label: "Members" },
];

export function AuditPart() {
  const t = useT();
  const { entities } = useWho();
  const [entity, setEntity] = useState("");
  const [action, setAction] = useState("");
  const [shown, setShown] = useState(STEP);
  const { data, error, isPending } = useApi(AuditLogDocument, { entity: entity || null, action: action || null, first: shown }, { keepPrevious: true, touchedBy: (event) => event.kind !== "run" && event.kind !== "item" });
  const entries = nodesOf(data?.auditLog);
  return (
    <div className="stack">
      <div className="filters">
        <select className="input small" aria-label={t("Entity")} value={entity} onChange={(event) => setEntity(event.target.value)}>
          <option value="">{t("All entities")}</option>
          {entities.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select className="input small" aria-label={t("Action")} value={action} onChange={(event) => setAction(event.target.value)}>
          {KINDS.map((kind) => (
            <option key={kind.word} value={kind.word}>
              {t(kind.label)}
            </option>
          ))}
        </select>
      </div>
      <ErrorNote error={error} />
      <Card title={t("Audit log")} flush>
        {isPending && <Loading />}
        {data && entries.length === 0 && <p className="nothing muted">{t("Nothing has been recorded yet.")}</p>}
        {entries.length > 0 && (
          <div className="table-wrap">
            <table>
              <thead>
                <tr>
                  <th>{t("Time")}</th>
                  <th>{t("Who")}</th>
                  <th>{t("Action")}</th>
                  <th>{t("Subject")}</th>
                  <th className="wide">{t("Details")}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <tr key={entry.id}>
                    <td className="muted">
                      <Clock at={entry.at} />
                    </td>
                    <td>{entry.actor}</td>
                    <td>
                      <span className="tag">{entry.action}</span>
                    </td>
                    <td className="value">{entry.subject}</td>
                    <td className="wide muted value mono audit-detail">{detailText(entry.detail)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {data?.auditLog.pageInfo.hasNextPage && (
          <div className="more">
            <Button kind="quiet" onClick={() => setShown(shown + STEP)}>
              {t("Show more")}
            </Button>
          </div>
        )}
      </Card>
    </div>
  );
}

function detailText(detail: unknown): string {
  const text = JSON.stringify(detail);
  return text === "{}" || text === "null" ? "" : text;
}
