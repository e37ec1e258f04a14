// Create queue (S-10): entity, name, resource, prioritisation, configuration with its tiles.
import { useEffect, useState, type FormEvent } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { ResourceKindsDocument, SaveQueueDocument, type ResourceKindsQuery } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { useWho } from "@/api/session";
import { convert } from "@/editor/text";
import { Button, Card, ErrorNote, Field, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";
import { useT } from "@/i18n";
import { usePageTitle } from "@/lib/pageTitle";
import { routes } from "@/routes";
import { ConfigurationForm } from "./QueueForm";
import { resourceName } from "./resources";
import { useQueueForm } from "./useQueueForm";

type Kind = ResourceKindsQuery["resourceKinds"][number];

const startText = (kind: Kind) => ({ text: convert(JSON.stringify(kind.defaultConfig), "json", "yaml") ?? "", format: "yaml" as const });

export function CreateQueuePage() {
  const t = useT();
  usePageTitle(t("Create queue"));
  const { data, error, isPending } = useApi(ResourceKindsDocument, {});
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label={t("Where this is")}>
            <Link href={routes.launch()}>Launch</Link>
          </nav>
          <h1>{t("Create queue")}</h1>
          <p>{t("A queue hands jobs to one kind of compute. What you set here holds for every job on it.")}</p>
        </div>
      </div>
      {isPending && <Loading />}
      <ErrorNote error={error} />
      {data && <CreateQueueForm kinds={data.resourceKinds} />}
    </>
  );
}

function CreateQueueForm({ kinds }: { kinds: Kind[] }) {
  const t = useT();
  const { entities } = useWho();
  const [search] = useSearchParams();
  const [, go] = useLocation();
  const { say } = useToasts();
  const create = useChange(SaveQueueDocument);
  const ordered = [...kinds].sort((a, b) => Number(b.runnable) - Number(a.runnable));
  const [entity, setEntity] = useState(search.get("entity") ?? entities[0] ?? "");
  const [name, setName] = useState("");
  const [nameError, setNameError] = useState<string | null>(null);
  const [resource, setResource] = useState(ordered.find((kind) => kind.name === "local-container")?.name ?? ordered[0]?.name ?? "");
  const [prioritized, setPrioritized] = useState(false);
  const kind = kinds.find((each) => each.name === resource);
  const form = useQueueForm({ config: kind ? startText(kind) : { text: "", format: "yaml" }, tiles: [] }, kind?.configSchema);

  const chooseResource = (next: string) => {
    const chosen = kinds.find((each) => each.name === next);
    const untouched = !kind || form.config.text === startText(kind).text || form.config.text.trim() === "";
    setResource(next);
    if (chosen && untouched) form.reset(startText(chosen), []);
  };

  useEffect(() => setNameError(null), [name]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const ready = form.ready();
    if (name.trim() === "") setNameError(t("The queue needs a name."));
    if (!ready || name.trim() === "") return;
    create.mutate(
      {
        input: {
          entityName: entity,
          projectName: "model-registry",
          queueName: name.trim(),
          resourceType: resource,
          prioritizationMode: prioritized ? "V0" : "DISABLED",
          mode: "CREATE",
          ...form.input(),
        },
      },
      {
        onSuccess: (answer) => {
          for (const warning of answer.upsertRunQueue?.configSchemaValidationErrors ?? []) say(warning);
          go(routes.queue(entity, name.trim(), "agents"));
        },
        onError: (error) => form.setRefusal(error),
      },
    );
  };

  return (
    <form className="stack" onSubmit={submit} noValidate>
      <Card>
        <div className="grid-2">
          <Field label={t("Entity")} hint={t("Who owns the queue.")}>
            {(ids) => (
              <select {...ids} className="input" value={entity} onChange={(event) => setEntity(event.target.value)}>
                {[...new Set([...entities, entity])].map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t("Queue")} hint={t("Its name: letters, digits, “-”, “_” and “.”.")} error={nameError}>
            {(ids) => <input {...ids} className="input" value={name} autoFocus autoComplete="off" spellCheck={false} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label={t("Resource")} hint={kind && !kind.runnable ? t("Queues for it can be made and filled; agents of this version cannot run it.") : t("Where the jobs run.")}>
            {(ids) => (
              <select {...ids} className="input" value={resource} onChange={(event) => chooseResource(event.target.value)}>
                {ordered.map((each) => (
                  <option key={each.name} value={each.name}>
                    {resourceName(each.name)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t("Prioritization")} hint={t("With it, people choose a priority for each job, and higher ones go first.")}>
            {(ids) => (
              <select {...ids} className="input" value={prioritized ? "on" : "off"} onChange={(event) => setPrioritized(event.target.value === "on")}>
                <option value="off">{t("Off: first come, first served")}</option>
                <option value="on">{t("On: jobs have priorities")}</option>
              </select>
            )}
          </Field>
        </div>
      </Card>
      <Card title={t("Configuration")} extra={kind && <ResourceHelp kind={kind} />}>
        <div className="stack">
          <ConfigurationForm form={form} schema={kind?.configSchema} />
        </div>
      </Card>
      <ErrorNote error={form.refusal} />
      <div className="row form-end">
        {form.strict && (form.checked.errors > 0 || form.withoutTile.length > 0) && (
          <span className="field-error" role="alert">
            <Icon name="warning" size={14} /> {t("Mend what is marked above first.")}
          </span>
        )}
        <span className="spring" />
        <Link href={routes.launch()} className="button plain">
          {t("Cancel")}
        </Link>
        <Button kind="primary" type="submit" busy={create.isPending}>
          {t("Create queue")}
        </Button>
      </div>
    </form>
  );
}

function ResourceHelp({ kind }: { kind: Kind }) {
  const t = useT();
  return (
    <details className="help">
      <summary>{t("About {resource}", { resource: resourceName(kind.name) })}</summary>
      <div className="help-text">{kind.doc}</div>
    </details>
  );
}
