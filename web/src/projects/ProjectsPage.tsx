import { Link } from "wouter";
import { EntityProjectsDocument } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { useWho } from "@/api/session";
import { Ago, Card, CopyCommand, Empty, ErrorNote, Loading } from "@/ui/basics";
import { useT } from "@/i18n";
import { nodesOf } from "@/lib/nodes";
import { usePageTitle } from "@/lib/pageTitle";
import { shellWord } from "@/lib/shell";
import { routes } from "@/routes";

/** The projects that runs belong to. */
export function ProjectsPage() {
  const t = useT();
  const { entities } = useWho();
  usePageTitle(t("Runs"));
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <h1>{t("Runs")}</h1>
          <p>{t("Every run belongs to a project.")}</p>
        </div>
      </div>
      {entities.map((entity) => (
        <EntityProjects key={entity} entity={entity} />
      ))}
    </>
  );
}

function EntityProjects({ entity }: { entity: string }) {
  const t = useT();
  const { data, error, isPending } = useApi(EntityProjectsDocument, { entity }, { touchedBy: (event) => event.kind === "run" });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const projects = nodesOf(data.entity?.projects);
  return (
    <Card title={entity} flush>
      {projects.length === 0 ? (
        <Empty title={t("There is no run yet.")} icon="runs">
          <p>{t("Launch the folder that you are in:")}</p>
          <CopyCommand command={`slipway launch -u . -E "python3 train.py" -e ${shellWord(entity)} -q QUEUE`} />
        </Empty>
      ) : (
        <table>
          <thead>
            <tr>
              <th>{t("Project")}</th>
              <th className="num">{t("Created")}</th>
            </tr>
          </thead>
          <tbody>
            {projects.map((project) => (
              <tr key={project.id}>
                <td>
                  <Link className="strong" href={routes.project(entity, project.name)}>
                    {project.name}
                  </Link>
                </td>
                <td className="num muted">
                  <Ago at={project.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
