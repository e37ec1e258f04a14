// A project: its runs and its jobs.
import { useState } from "react";
import { Link } from "wouter";
import { ProjectRunsDocument, type RunRowFragment } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { ProjectJobs } from "@/jobs/ProjectJobs";
import { Duration } from "@/queue/ItemTable";
import { Ago, Button, Card, CopyCommand, Empty, ErrorNote, Loading, Tabs } from "@/ui/basics";
import { PhasePill, RunStatePill } from "@/ui/phase";
import { useT } from "@/i18n";
import { nodesOf } from "@/lib/nodes";
import { usePageTitle } from "@/lib/pageTitle";
import { routes } from "@/routes";

const STEP = 50;

export function ProjectPage({ entity, project, tab }: { entity: string; project: string; tab: "runs" | "jobs" }) {
  const t = useT();
  usePageTitle(project);
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label={t("Where this is")}>
            <Link href={routes.projects}>{t("Runs")}</Link>
            <span aria-hidden="true">/</span>
            <span>{entity}</span>
          </nav>
          <h1>{project}</h1>
        </div>
      </div>
      <Tabs
        label={t("Views of the project")}
        links={[
          { href: routes.project(entity, project), label: t("Runs"), current: tab === "runs" },
          { href: routes.projectJobs(entity, project), label: t("Jobs"), current: tab === "jobs" },
        ]}
      />
      {tab === "runs" ? <ProjectRuns entity={entity} project={project} /> : <ProjectJobs entity={entity} project={project} titled={false} />}
    </>
  );
}

function ProjectRuns({ entity, project }: { entity: string; project: string }) {
  const t = useT();
  const [shown, setShown] = useState(STEP);
  const { data, error, isPending } = useApi(
    ProjectRunsDocument,
    { entity, project, first: shown, after: null },
    { keepPrevious: true, touchedBy: (event) => event.projectName === project && event.entityName === entity },
  );
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const runs = nodesOf(data.project?.runs);
  return (
    <Card flush>
      {runs.length === 0 ? (
        <Empty title={t("There is no run yet.")} icon="runs">
          <CopyCommand command={`slipway launch -u . -E "python3 train.py" -e ${entity} -p ${project} -q QUEUE`} />
        </Empty>
      ) : (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th>{t("Run")}</th>
                <th>{t("Status")}</th>
                <th className="wide">{t("Queue")}</th>
                <th className="wide">{t("Author")}</th>
                <th className="wide">{t("Created")}</th>
                <th className="num wide">{t("Duration")}</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data.project?.runs?.pageInfo.hasNextPage && (
        <div className="more">
          <Button kind="quiet" onClick={() => setShown(shown + STEP)}>
            {t("Show more")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function RunRow({ run }: { run: RunRowFragment }) {
  const { item } = run;
  const why = item?.error?.message ?? item?.waitReason;
  return (
    <tr>
      <td className="run-cell">
        <Link className="strong" href={routes.run(run.entityName, run.projectName, run.name)}>
          {run.displayName || run.name}
        </Link>
        {why && <div className={item?.error ? "item-why bad clip" : "item-why clip"}>{why}</div>}
      </td>
      <td>{item ? <PhasePill phase={item.phase} stopping={item.cancelRequested} unreachable={item.unreachableSince !== null} /> : <RunStatePill state={run.state} />}</td>
      <td className="wide">{item?.queue && <Link href={routes.queue(item.queue.entityName, item.queue.name)}>{item.queue.name}</Link>}</td>
      <td className="wide muted">{item?.author ?? run.user?.username}</td>
      <td className="wide muted">
        <Ago at={run.createdAt} />
      </td>
      <td className="num wide muted">
        <Duration item={{ phase: item?.phase ?? (run.state === "running" ? "RUNNING" : "FINISHED"), startedAt: run.startedAt, finishedAt: run.finishedAt }} />
      </td>
    </tr>
  );
}
