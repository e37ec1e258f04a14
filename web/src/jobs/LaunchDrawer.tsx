// The launch drawer (D-38): version, overrides, queue, priority, the queue's template fields, project; and what will run.
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { ItemsToPasteFromDocument, JobPageDocument, LaunchTargetsDocument, PushItemDocument, type JobVersionFragment, type LaunchTargetsQuery } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { useWho } from "@/api/session";
import type { ApiError } from "@/api/errors";
import { CodeView } from "@/editor/CodeView";
import { parseText } from "@/editor/text";
import { Button, CopyButton, CopyCommand, ErrorNote, Field, Loading } from "@/ui/basics";
import { Drawer } from "@/ui/overlay";
import { useToasts } from "@/ui/toasts";
import { useT } from "@/i18n";
import { isObject, prettyJson, type JsonObject } from "@/lib/json";
import { nodesOf } from "@/lib/nodes";
import { DEFAULT_PRIORITY, PRIORITIES } from "@/queue/priorities";
import { resourceName } from "@/queue/resources";
import { QueueStatePill } from "@/queue/QueueStatePill";
import { checkValue, choicesOf, rangeText, tileFromVariable, type Tile } from "@/queue/template";
import { routes } from "@/routes";
import { InputForm } from "./InputForm";
import { inputFields } from "./inputForm";
import { versionLabel } from "./JobPage";
import { inputSchema } from "./jobSource";
import { fieldsOfSpec, overridesOf, splitWords } from "./launchSpec";

interface Props {
  entity: string;
  project: string;
  job: string;
  version?: JobVersionFragment;
  open: boolean;
  onClose: () => void;
}

export function LaunchDrawer({ entity, project, job, version, open, onClose }: Props) {
  const t = useT();
  return (
    <Drawer title={t("Launch {name}", { name: job })} open={open} onClose={onClose}>
      <LaunchForm entity={entity} project={project} job={job} version={version} onClose={onClose} />
    </Drawer>
  );
}

function LaunchForm({ entity, project, job, version, onClose }: Omit<Props, "open">) {
  const { entities } = useWho();
  const [owner, setOwner] = useState(entity);
  const versions = useApi(JobPageDocument, { entity, project, job });
  const targets = useApi(LaunchTargetsDocument, { entity: owner });
  const error = versions.error ?? targets.error;
  if (error) return <ErrorNote error={error} />;
  if (!versions.data || !targets.data) return <Loading />;
  const found = nodesOf(versions.data.project?.artifactType?.artifactCollection?.artifacts);
  return (
    <FilledForm
      key={owner}
      name={`${entity}/${project}/${job}`}
      jobProject={project}
      owner={owner}
      owners={entities}
      onOwner={setOwner}
      versions={found}
      first={version ?? found[0]}
      target={targets.data.entity}
      onClose={onClose}
    />
  );
}

type Target = NonNullable<LaunchTargetsQuery["entity"]>;
type Queue = Target["runQueues"][number];

interface FormProps {
  /** entity/project/job */
  name: string;
  jobProject: string;
  owner: string;
  owners: string[];
  onOwner: (entity: string) => void;
  versions: JobVersionFragment[];
  first: JobVersionFragment | undefined;
  target: Target | null;
  onClose: () => void;
}

/** The document in the configuration field; nothing when it is no object. */
function readConfig(text: string): JsonObject | null {
  if (text.trim() === "") return {};
  const { value } = parseText(text, "yaml");
  return isObject(value) ? value : null;
}

function useLaunchState({ versions, first, target, jobProject }: FormProps) {
  const queues = target?.runQueues ?? [];
  const [versionId, setVersionId] = useState(first?.id ?? "");
  const [queueId, setQueueId] = useState(() => (queues.find((queue) => queue.agents.length > 0) ?? queues[0])?.id ?? "");
  const [priority, setPriority] = useState(DEFAULT_PRIORITY);
  const [project, setProject] = useState(jobProject);
  const [entryPoint, setEntryPoint] = useState("");
  const [args, setArgs] = useState("");
  const [configText, setConfigText] = useState("");
  const [values, setValues] = useState<Record<string, string>>({});
  const version = versions.find((each) => each.id === versionId) ?? first;
  const queue = queues.find((each) => each.id === queueId);
  const tiles = useMemo(() => (queue?.templateVariables ?? []).map(tileFromVariable), [queue]);
  return { queues, version, setVersionId, queue, setQueueId, priority, setPriority, project, setProject, entryPoint, setEntryPoint, args, setArgs, configText, setConfigText, values, setValues, tiles };
}

function FilledForm(props: FormProps) {
  const { name, owner, owners, onOwner, versions, target, onClose } = props;
  const t = useT();
  const [, go] = useLocation();
  const { say } = useToasts();
  const push = useChange(PushItemDocument);
  const form = useLaunchState(props);
  const [strict, setStrict] = useState(false);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [preview, setPreview] = useState<string | null>(null);
  const { version, queue, tiles } = form;
  const config = readConfig(form.configText);
  const wrong = {
    entryPoint: splitWords(form.entryPoint) === null ? t("A quote is not closed.") : null,
    args: splitWords(form.args) === null ? t("A quote is not closed.") : null,
    config: config === null ? t("This is no map of names to values, in JSON or YAML.") : null,
  };
  const valueProblem = (tile: Tile): string | null => {
    const said = refusal?.problems.find((problem) => problem.path.split(".").includes(tile.name))?.message;
    const message = checkValue(tile, form.values[tile.name] ?? "");
    if (message && (strict || form.values[tile.name])) return t(message);
    return said ?? null;
  };
  const schema = inputSchema(version);
  const fields = useMemo(() => (schema ? inputFields(schema) : []), [schema]);

  const submit = (dryRun: boolean) => {
    setStrict(true);
    setRefusal(null);
    setPreview(null);
    if (!queue || !config || wrong.entryPoint || wrong.args || tiles.some((tile) => checkValue(tile, form.values[tile.name] ?? "") !== null)) return;
    const spec = { job: `${name}:v${version?.versionIndex ?? 0}`, entity: owner, project: form.project, overrides: overridesOf({ entryPoint: form.entryPoint, args: form.args, runConfig: config }) };
    const given = Object.fromEntries(tiles.flatMap((tile) => (form.values[tile.name] ? [[tile.name, tile.type === "string" ? form.values[tile.name] : Number(form.values[tile.name])]] : [])));
    push.mutate(
      {
        input: {
          entityName: queue.entityName,
          projectName: "model-registry",
          queueName: queue.name,
          runSpec: JSON.stringify(spec),
          priority: queue.prioritizationMode === "V0" ? form.priority : null,
          templateVariableValues: Object.keys(given).length > 0 ? JSON.stringify(given) : null,
          dryRun,
        },
      },
      {
        onError: setRefusal,
        onSuccess: (answer) => {
          const pushed = answer.pushToRunQueueByName;
          if (dryRun) return setPreview(prettyJson(pushed?.runSpec));
          const run = pushed?.item?.run;
          say(t("Launched on {queue}.", { queue: queue.name }));
          onClose();
          if (run) go(routes.run(run.entityName, run.projectName, run.name));
        },
      },
    );
  };

  if (form.queues.length === 0) {
    return (
      <>
        {owners.length > 1 && <OwnerField owner={owner} owners={owners} onOwner={onOwner} />}
        <p>{t("There is no queue yet.")}</p>
        <CopyCommand command={`slipway queue create my-queue -e ${owner} --resource local-container`} />
      </>
    );
  }
  return (
    <>
      <div className="grid-2">
        <Field label={t("Job version")}>
          {(ids) => (
            <select {...ids} className="input" value={version?.id} onChange={(event) => form.setVersionId(event.target.value)}>
              {versions.map((each) => (
                <option key={each.id} value={each.id}>
                  {versionLabel(each)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {owners.length > 1 && <OwnerField owner={owner} owners={owners} onOwner={onOwner} />}
        <Field label={t("Queue")} hint={queue && resourceName(queue.resource)}>
          {(ids) => (
            <select {...ids} className="input" value={queue?.id} onChange={(event) => form.setQueueId(event.target.value)}>
              {form.queues.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {queue?.prioritizationMode === "V0" && (
          <Field label={t("Job Priority")}>
            {(ids) => (
              <select {...ids} className="input" value={form.priority} onChange={(event) => form.setPriority(Number(event.target.value))}>
                {PRIORITIES.map((word, number) => (
                  <option key={word} value={number}>
                    {t(word)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={t("Destination project")} hint={t("Of {entity}.", { entity: owner })}>
          {(ids) => (
            <>
              <input {...ids} className="input" list="projects-of-entity" value={form.project} onChange={(event) => form.setProject(event.target.value)} />
              <datalist id="projects-of-entity">
                {nodesOf(target?.projects).map((each) => (
                  <option key={each.id} value={each.name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
      {queue && <QueueNote queue={queue} />}
      {tiles.length > 0 && (
        <section className="stack tight" aria-labelledby="queue-configurations">
          <h2 id="queue-configurations">{t("Queue Configurations")}</h2>
          <div className="grid-2">
            {tiles.map((tile) => (
              <TemplateField key={tile.name} tile={tile} value={form.values[tile.name] ?? ""} error={valueProblem(tile)} onChange={(value) => form.setValues({ ...form.values, [tile.name]: value })} />
            ))}
          </div>
        </section>
      )}
      <section className="stack tight" aria-labelledby="overrides">
        <div className="row">
          <h2 id="overrides">{t("Overrides")}</h2>
          <span className="spring" />
          <PasteFrom
            job={name}
            onPaste={(pasted) => {
              form.setEntryPoint(pasted.entryPoint);
              form.setArgs(pasted.args);
              form.setConfigText(Object.keys(pasted.runConfig).length > 0 ? JSON.stringify(pasted.runConfig, null, 2) : "");
            }}
          />
        </div>
        {fields.length > 0 && config && <InputForm fields={fields} config={config} onChange={(next) => form.setConfigText(Object.keys(next).length > 0 ? JSON.stringify(next, null, 2) : "")} />}
        <Field label={t("Entry point")} error={wrong.entryPoint}>
          {(ids) => <input {...ids} className="input mono" value={form.entryPoint} placeholder={t("the job’s own")} spellCheck={false} onChange={(event) => form.setEntryPoint(event.target.value)} />}
        </Field>
        <Field label={t("Arguments")} error={wrong.args}>
          {(ids) => <input {...ids} className="input mono" value={form.args} placeholder="--epochs 10" spellCheck={false} onChange={(event) => form.setArgs(event.target.value)} />}
        </Field>
        <Field label={t("Configuration")} hint={t("Values of run.config to change, as JSON or YAML.")} error={wrong.config}>
          {(ids) => <textarea {...ids} className="input mono" rows={4} value={form.configText} placeholder={"learning_rate: 0.01"} spellCheck={false} onChange={(event) => form.setConfigText(event.target.value)} />}
        </Field>
      </section>
      <ErrorNote error={refusal} />
      {preview !== null && (
        <section className="preview" aria-label={t("What will run")}>
          <div className="row">
            <h2>{t("What will run")}</h2>
            <span className="spring" />
            <CopyButton text={preview} label={t("Copy as JSON")} />
          </div>
          <CodeView text={preview} label={t("What will run")} />
        </section>
      )}
      <div className="drawer-end">
        <Button busy={push.isPending} onClick={() => submit(true)}>
          {t("Show what will run")}
        </Button>
        <Button kind="primary" icon="play" busy={push.isPending} onClick={() => submit(false)}>
          {t("Launch now")}
        </Button>
      </div>
    </>
  );
}

function OwnerField({ owner, owners, onOwner }: { owner: string; owners: string[]; onOwner: (entity: string) => void }) {
  const t = useT();
  return (
    <Field label={t("Entity")}>
      {(ids) => (
        <select {...ids} className="input" value={owner} onChange={(event) => onOwner(event.target.value)}>
          {[...new Set([...owners, owner])].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

function QueueNote({ queue }: { queue: Queue }) {
  const t = useT();
  if (queue.state === "ACTIVE" && queue.agents.length > 0) return null;
  return (
    <div className="note warn">
      <QueueStatePill state={queue.state} agents={queue.agents.length} />
      <div>{queue.state === "PAUSED" ? t("The queue is paused: the job will wait until somebody resumes it.") : t("No agent polls this queue: the job will wait until one does.")}</div>
    </div>
  );
}

function TemplateField({ tile, value, error, onChange }: { tile: Tile; value: string; error: string | null; onChange: (value: string) => void }) {
  const t = useT();
  const choices = choicesOf(tile);
  const range = rangeText(tile);
  const hint = [tile.description, choices.length === 0 && range && t("Allowed: {range}", { range })].filter(Boolean).join(" · ");
  return (
    <Field label={<code>{tile.name}</code>} hint={hint} error={error && (choices.length === 0 && range ? `${error} ${t("Allowed: {range}", { range })}` : error)}>
      {(ids) =>
        choices.length > 0 ? (
          <select {...ids} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
            <option value="">{tile.defaultText || t("Choose…")}</option>
            {choices
              .filter((choice) => choice !== tile.defaultText)
              .map((choice) => (
                <option key={choice}>{choice}</option>
              ))}
          </select>
        ) : (
          <input {...ids} className="input" inputMode={tile.type === "string" ? undefined : "decimal"} value={value} placeholder={tile.defaultText} onChange={(event) => onChange(event.target.value)} />
        )
      }
    </Field>
  );
}

function PasteFrom({ job, onPaste }: { job: string; onPaste: (fields: ReturnType<typeof fieldsOfSpec>) => void }) {
  const t = useT();
  const [entity = "", project = "", name = ""] = job.split("/");
  const { data } = useApi(ItemsToPasteFromDocument, { entity, project, job: name });
  const items = nodesOf(data?.project?.launchedItems);
  if (items.length === 0) return null;
  return (
    <select
      className="input small"
      aria-label={t("Paste from an earlier run")}
      value=""
      onChange={(event) => {
        const item = items.find((each) => each.id === event.target.value);
        if (item) onPaste(fieldsOfSpec(item.submittedSpec));
      }}
    >
      <option value="">{t("Paste from…")}</option>
      {items.map((item) => (
        <option key={item.id} value={item.id}>
          {`${item.run?.displayName || item.run?.name || item.id} (${item.author ?? ""})`}
        </option>
      ))}
    </select>
  );
}
