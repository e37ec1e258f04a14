// How a queue is set up: when and by whom, its configuration with templates, policy, links, and every change (S-18, S-19).
import { useEffect, useMemo, useState } from "react";
import { QueueConfigDocument, ResourceKindsDocument, SaveQueueDocument, type QueueConfigQuery, type QueuePageFragment, type ResourceKindsQuery } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { CodeView } from "@/editor/CodeView";
import { convert } from "@/editor/text";
import { Button, Card, Clock, ErrorNote, Facts, Field, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";
import { useT } from "@/i18n";
import { isObject, prettyJson } from "@/lib/json";
import { ChangeHistory } from "./ChangeHistory";
import { linksOf, type ExternalLink } from "./links";
import { ConfigurationForm } from "./QueueForm";
import { resourceName } from "./resources";
import { tileFromVariable } from "./template";
import { useQueueForm } from "./useQueueForm";

type Config = NonNullable<QueueConfigQuery["runQueue"]>;
type Kind = ResourceKindsQuery["resourceKinds"][number];

export function ConfigTab({ queue }: { queue: QueuePageFragment }) {
  const config = useApi(QueueConfigDocument, { id: queue.id }, { touchedBy: (event) => event.kind === "queue" && event.id === queue.id });
  const kinds = useApi(ResourceKindsDocument, {});
  const error = config.error ?? kinds.error;
  if (error) return <ErrorNote error={error} />;
  if (!config.data || !kinds.data) return <Loading />;
  if (!config.data.runQueue) return null;
  const kind = kinds.data.resourceKinds.find((each) => each.name === queue.resource);
  return (
    <div className="stack">
      <QueueFacts queue={queue} />
      <QueueConfig queue={queue} config={config.data.runQueue} kind={kind} />
      <Links queue={queue} />
      {isObject(config.data.runQueue.policy) && Object.keys(config.data.runQueue.policy).length > 0 && <PolicyView policy={config.data.runQueue.policy} />}
      <ChangeHistory changes={config.data.runQueue.history} />
    </div>
  );
}

function QueueFacts({ queue }: { queue: QueuePageFragment }) {
  const t = useT();
  return (
    <Card>
      <Facts
        rows={[
          [t("Created"), <Clock key="created" at={queue.createdAt} />],
          [t("By"), queue.createdBy],
          [t("Changed"), <Clock key="updated" at={queue.updatedAt} />],
          [t("Resource"), resourceName(queue.resource)],
          [t("Who may use it"), queue.access === "USER" ? t("Its owner") : t("Everybody in {entity}", { entity: queue.entityName })],
          [t("Prioritization"), queue.prioritizationMode === "V0" ? t("On") : t("Off")],
        ]}
      />
    </Card>
  );
}

function PolicyView({ policy }: { policy: unknown }) {
  const t = useT();
  return (
    <Card title={t("Policy: what submitters may override")} flush>
      <CodeView text={prettyJson(policy)} label={t("Policy")} />
    </Card>
  );
}

function storedForm(config: Config) {
  const text = convert(JSON.stringify(config.config ?? {}), "json", "yaml") ?? "";
  return { config: { text, format: "yaml" as const }, tiles: config.templateVariables.map(tileFromVariable) };
}

function QueueConfig({ queue, config, kind }: { queue: QueuePageFragment; config: Config; kind: Kind | undefined }) {
  const t = useT();
  const { say } = useToasts();
  const save = useChange(SaveQueueDocument);
  const stored = useMemo(() => storedForm(config), [config]);
  // What the form began with: a change by somebody else must not take away what is being written.
  const [base, setBase] = useState(stored);
  const form = useQueueForm(stored, kind?.configSchema);
  const changedElsewhere = JSON.stringify(base) !== JSON.stringify(stored);
  const [prioritized, setPrioritized] = useState(queue.prioritizationMode === "V0");
  const [saved, setSaved] = useState(false);

  const submit = () => {
    if (!form.ready()) return;
    save.mutate(
      {
        input: {
          entityName: queue.entityName,
          projectName: "model-registry",
          queueName: queue.name,
          resourceType: queue.resource,
          prioritizationMode: prioritized ? "V0" : "DISABLED",
          mode: "UPDATE",
          ...form.input(),
        },
      },
      {
        onSuccess: () => {
          say(t("The configuration is saved. Items that wait keep what they were pushed with."));
          setSaved(true);
        },
        onError: (error) => form.setRefusal(error),
      },
    );
  };
  const loadStored = () => {
    form.reset(stored.config, stored.tiles);
    setBase(stored);
  };
  useEffect(() => {
    if (!saved || !changedElsewhere) return;
    // This change was one's own.
    setBase(stored);
    setSaved(false);
  }, [saved, changedElsewhere, stored]);

  return (
    <Card
      title={t("Queue config")}
      extra={
        <label className="check muted">
          <input type="checkbox" checked={prioritized} onChange={(event) => setPrioritized(event.target.checked)} />
          {t("Jobs have priorities")}
        </label>
      }
    >
      <div className="stack">
        {changedElsewhere && !saved && (
          <div className="note warn" role="status">
            <Icon name="info" />
            <div>{t("Somebody has changed the configuration meanwhile.")}</div>
            <Button kind="quiet" onClick={loadStored}>
              {t("Load what is stored")}
            </Button>
          </div>
        )}
        <ConfigurationForm form={form} schema={kind?.configSchema} />
        <ErrorNote error={form.refusal} />
        <div className="row form-end">
          <span className="spring" />
          <Button kind="primary" busy={save.isPending} onClick={submit}>
            {t("Save config")}
          </Button>
        </div>
      </div>
    </Card>
  );
}

function Links({ queue }: { queue: QueuePageFragment }) {
  const t = useT();
  const { say, complain } = useToasts();
  const save = useChange(SaveQueueDocument);
  const config = useApi(QueueConfigDocument, { id: queue.id });
  const [links, setLinks] = useState<ExternalLink[]>(() => linksOf(queue.externalLinks));
  const change = (index: number, part: Partial<ExternalLink>) => setLinks(links.map((link, at) => (at === index ? { ...link, ...part } : link)));
  const submit = () =>
    save.mutate(
      {
        input: {
          entityName: queue.entityName,
          projectName: "model-registry",
          queueName: queue.name,
          resourceType: queue.resource,
          resourceConfig: JSON.stringify(config.data?.runQueue?.config ?? {}),
          externalLinks: JSON.stringify({ links: links.filter((link) => link.url.trim() !== "") }),
          mode: "UPDATE",
        },
      },
      { onSuccess: () => say(t("The links are saved.")), onError: complain },
    );
  return (
    <Card
      title={t("External Links")}
      extra={
        <Button kind="quiet" icon="plus" onClick={() => setLinks([...links, { label: "", url: "https://" }])}>
          {t("Add a link")}
        </Button>
      }
    >
      <div className="stack tight">
        {links.length === 0 && <p className="muted">{t("Dashboards of your machines or cloud, one click away from the queue.")}</p>}
        {links.map((link, index) => (
          <div key={index} className="link-row">
            <Field label={t("Label")}>{(ids) => <input {...ids} className="input" value={link.label} onChange={(event) => change(index, { label: event.target.value })} />}</Field>
            <Field label={t("Address")}>{(ids) => <input {...ids} className="input" type="url" value={link.url} onChange={(event) => change(index, { url: event.target.value })} />}</Field>
            <Button kind="quiet" icon="trash" aria-label={t("Remove {name}", { name: link.label || link.url })} onClick={() => setLinks(links.filter((_, at) => at !== index))} />
          </div>
        ))}
        {(links.length > 0 || linksOf(queue.externalLinks).length > 0) && (
          <div className="row form-end">
            <span className="spring" />
            <Button busy={save.isPending} onClick={submit}>
              {t("Save links")}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
