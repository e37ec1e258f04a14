// What was sent: the exact request to the backend, and the specification that it was made from.
import { RunRequestDocument } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { CodeView } from "@/editor/CodeView";
import { Card, CopyButton, ErrorNote, Loading } from "@/ui/basics";
import { useT } from "@/i18n";
import { prettyJson } from "@/lib/json";

export function RequestTab({ itemId }: { itemId: string }) {
  const t = useT();
  const { data, error, isPending } = useApi(RunRequestDocument, { id: itemId }, { touchedBy: (event) => event.id === itemId });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const item = data.runQueueItem;
  return (
    <>
      <Document title={t("Request to the backend")} value={item?.backendRequest} empty={t("Nothing has been sent yet.")} />
      <Document title={t("Launch specification, resolved")} value={item?.runSpec} empty={t("There is none.")} />
      <Document title={t("As submitted")} value={item?.submittedSpec} empty={t("There is none.")} />
    </>
  );
}

function Document({ title, value, empty }: { title: string; value: unknown; empty: string }) {
  const t = useT();
  if (value === null || value === undefined) {
    return (
      <Card title={title}>
        <p className="muted">{empty}</p>
      </Card>
    );
  }
  const text = prettyJson(value);
  return (
    <Card title={title} extra={<CopyButton text={text} label={t("Copy {what}", { what: title })} />} flush>
      <CodeView text={text} label={title} />
    </Card>
  );
}
