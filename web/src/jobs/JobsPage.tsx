import { EntityProjectsDocument } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { useWho } from "@/api/session";
import { Card, CopyCommand, Empty, ErrorNote, Loading } from "@/ui/basics";
import { useT } from "@/i18n";
import { nodesOf } from "@/lib/nodes";
import { usePageTitle } from "@/lib/pageTitle";
import { ProjectJobs } from "./ProjectJobs";

/** The jobs of all projects: what can be launched. */
export function JobsPage() {
  const t = useT();
  const { entities } = useWho();
  usePageTitle(t("Jobs"));
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <h1>{t("Jobs")}</h1>
          <p>{t("A job is a versioned description of something that can be launched: code, a git commit, or an image.")}</p>
        </div>
      </div>
      {entities.map((entity) => (
        <EntityJobs key={entity} entity={entity} alone={entities.length === 1} />
      ))}
    </>
  );
}

function EntityJobs({ entity, alone }: { entity: string; alone: boolean }) {
  const t = useT();
  const { data, error, isPending } = useApi(EntityProjectsDocument, { entity }, { touchedBy: (event) => event.kind === "run" });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const projects = nodesOf(data.entity?.projects);
  if (projects.length === 0) {
    const command = <CopyCommand command={`slipway job create code . -E "python3 train.py" -n my-job -e ${entity} -p my-project`} />;
    if (!alone) return <Card title={entity} extra={<><span className="muted wide">{t("There is no job yet.")}</span>{command}</>} />;
    return (
      <Card title={entity}>
        <Empty title={t("There is no job yet.")} icon="jobs">
          <p>{t("Make one from the folder that you are in:")}</p>
          {command}
        </Empty>
      </Card>
    );
  }
  return (
    <>
      {projects.map((project) => (
        <ProjectJobs key={project.id} entity={entity} project={project.name} titled />
      ))}
    </>
  );
}
