// One job: its versions, where it comes from, what it takes, and the runs made from it (D-14, D-30).
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { JobPageDocument, RunsOfJobDocument, type JobVersionFragment } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { CodeView } from "@/editor/CodeView";
import { Ago, Button, Card, ErrorNote, Facts, Loading } from "@/ui/basics";
import { useT } from "@/i18n";
import { nodesOf } from "@/lib/nodes";
import { usePageTitle } from "@/lib/pageTitle";
import { routes } from "@/routes";
import { NotFound } from "@/shell/NotFound";
import { Duration } from "@/queue/ItemTable";
import { PhasePill } from "@/ui/phase";
import { LaunchDrawer } from "./LaunchDrawer";
import { inputSchema, useJobSource } from "./jobSource";

export function JobPage({ entity, project, job }: { entity: string; project: string; job: string }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const [launching, setLaunching] = useState(false);
  usePageTitle(job);
  const { data, error, isPending } = useApi(JobPageDocument, { entity, project, job }, { touchedBy: (event) => event.kind === "run" });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const found = data.project?.artifactType?.artifactCollection;
  if (!found) return <NotFound what={t("There is no job “{job}” in {project}.", { job, project: `${entity}/${project}` })} />;
  const versions = nodesOf(found.artifacts);
  const shown = versions.find((version) => `v${version.versionIndex}` === search.get("version")) ?? versions[0];
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label={t("Where this is")}>
            <Link href={routes.jobs}>{t("Jobs")}</Link>
            <span aria-hidden="true">/</span>
            <Link href={routes.projectJobs(entity, project)}>
              {entity} / {project}
            </Link>
          </nav>
          <h1>{found.name}</h1>
          {found.description && <p>{found.description}</p>}
        </div>
        <div className="page-actions">
          <select className="input small" aria-label={t("Job version")} value={shown ? `v${shown.versionIndex}` : ""} onChange={(event) => setSearch({ version: event.target.value })}>
            {versions.map((version) => (
              <option key={version.id} value={`v${version.versionIndex}`}>
                {versionLabel(version)}
              </option>
            ))}
          </select>
          <Button kind="primary" icon="play" onClick={() => setLaunching(true)}>
            {t("Launch")}
          </Button>
        </div>
      </div>
      <div className="two-columns">
        <Source version={shown} />
        <Inputs version={shown} />
      </div>
      <JobRuns entity={entity} project={project} job={job} />
      <Versions versions={versions} />
      <LaunchDrawer entity={entity} project={project} job={job} version={shown} open={launching} onClose={() => setLaunching(false)} />
    </>
  );
}

export function versionLabel(version: JobVersionFragment): string {
  const own = `v${version.versionIndex}`;
  const aliases = version.aliases.map((alias) => alias.alias).filter((alias) => alias !== own);
  return aliases.length > 0 ? `${own} (${aliases.join(", ")})` : own;
}

function Source({ version }: { version: JobVersionFragment | undefined }) {
  const t = useT();
  const { data, isPending } = useJobSource(version);
  const kinds = { repo: t("Git"), artifact: t("Code"), image: t("Image"), "": "–" };
  return (
    <Card title={t("Source")}>
      {isPending && version ? (
        <Loading />
      ) : (
        <Facts
          rows={[
            [t("Kind"), data && kinds[data.kind]],
            [t("From"), data?.from && <code>{data.from}</code>],
            [t("Commit"), data?.commit && <code>{data.commit.slice(0, 12)}</code>],
            [t("Entry point"), data && data.entryPoint.length > 0 && <code>{data.entryPoint.join(" ")}</code>],
            ["Python", data?.runtime],
            ["Dockerfile", data?.dockerfile && <code>{data.dockerfile}</code>],
            [t("Build context"), data?.buildContext && <code>{data.buildContext}</code>],
            [t("Created"), <Ago key="created" at={version?.createdAt} />],
          ]}
        />
      )}
    </Card>
  );
}

function Inputs({ version }: { version: JobVersionFragment | undefined }) {
  const t = useT();
  const schema = inputSchema(version);
  return (
    <Card title={t("Inputs")} flush={schema !== null}>
      {schema ? <CodeView text={JSON.stringify(schema.properties, null, 2)} label={t("Inputs")} /> : <p className="muted">{t("The job describes no inputs: it takes any configuration.")}</p>}
    </Card>
  );
}

function JobRuns({ entity, project, job }: { entity: string; project: string; job: string }) {
  const t = useT();
  const { data, error, isPending } = useApi(RunsOfJobDocument, { entity, project, job }, { touchedBy: (event) => event.kind === "item" || event.kind === "items" });
  const items = nodesOf(data?.project?.launchedItems);
  return (
    <Card title={t("Runs made from it")} flush>
      <ErrorNote error={error} />
      {isPending && <Loading />}
      {data && items.length === 0 && <p className="nothing muted">{t("It has not been launched yet.")}</p>}
      {items.length > 0 && (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th>{t("Run")}</th>
                <th>{t("Status")}</th>
                <th className="wide">{t("Job version")}</th>
                <th className="wide">{t("Author")}</th>
                <th className="wide">{t("Created")}</th>
                <th className="num wide">{t("Duration")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.id}>
                  <td className="run-cell">{item.run && <Link className="strong" href={routes.run(item.run.entityName, item.run.projectName, item.run.name)}>{item.run.displayName || item.run.name}</Link>}</td>
                  <td>
                    <PhasePill phase={item.phase} stopping={item.cancelRequested} unreachable={item.unreachableSince !== null} />
                  </td>
                  <td className="wide muted">{item.job?.split(":").at(-1)}</td>
                  <td className="wide muted">{item.author}</td>
                  <td className="wide muted">
                    <Ago at={item.createdAt} />
                  </td>
                  <td className="num wide muted">
                    <Duration item={item} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Versions({ versions }: { versions: JobVersionFragment[] }) {
  const t = useT();
  return (
    <Card title={t("Versions")} flush>
      <table>
        <thead>
          <tr>
            <th>{t("Version")}</th>
            <th>{t("Aliases")}</th>
            <th className="num">{t("Created")}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.id}>
              <td className="strong">v{version.versionIndex}</td>
              <td>
                <span className="row tags">
                  {version.aliases.map((alias) => (
                    <span key={alias.id} className="tag">
                      {alias.alias}
                    </span>
                  ))}
                </span>
              </td>
              <td className="num muted">
                <Ago at={version.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
