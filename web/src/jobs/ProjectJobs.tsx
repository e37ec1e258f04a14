// The jobs of one project, each with a button to launch it.
import { useState } from "react";
import { Link } from "wouter";
import { ProjectJobsDocument } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { Ago, Button, Card, CopyCommand, Empty, ErrorNote, Loading } from "@/ui/basics";
import { useT } from "@/i18n";
import { nodesOf } from "@/lib/nodes";
import { routes } from "@/routes";
import { LaunchDrawer } from "./LaunchDrawer";

interface Props {
  entity: string;
  project: string;
  /** In a list of projects: with its name, and nothing at all when it has no jobs. */
  titled: boolean;
}

export function ProjectJobs({ entity, project, titled }: Props) {
  const t = useT();
  const [launching, setLaunching] = useState<string | null>(null);
  const { data, error, isPending } = useApi(ProjectJobsDocument, { entity, project }, { touchedBy: (event) => event.kind === "run" });
  if (isPending) return titled ? null : <Loading />;
  if (error) return <ErrorNote error={error} />;
  const jobs = nodesOf(data.project?.artifactType?.artifactCollections);
  if (jobs.length === 0) {
    if (titled) return null;
    return (
      <Card>
        <Empty title={t("There is no job yet.")} icon="jobs">
          <p>{t("Make one from the folder that you are in:")}</p>
          <CopyCommand command={`slipway job create code . -E "python3 train.py" -n my-job -e ${entity} -p ${project}`} />
        </Empty>
      </Card>
    );
  }
  return (
    <Card title={titled ? <Link href={routes.projectJobs(entity, project)}>{`${entity} / ${project}`}</Link> : undefined} flush>
      <div className="table-wrap">
        <table>
          <thead>
            <tr>
              <th>{t("Job")}</th>
              <th className="wide">{t("Newest version")}</th>
              <th className="wide">{t("Changed")}</th>
              <th>
                <span className="visually-hidden">{t("Actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => {
              const newest = nodesOf(job.artifacts)[0];
              return (
                <tr key={job.id}>
                  <td>
                    <Link className="strong" href={routes.job(entity, project, job.name)}>
                      {job.name}
                    </Link>
                    {job.description && <div className="item-why clip">{job.description}</div>}
                  </td>
                  <td className="wide">
                    {newest && (
                      <span className="row tags">
                        {newest.versionIndex !== null && <span className="tag">v{newest.versionIndex}</span>}
                        {newest.aliases
                          .filter((alias) => alias.alias !== `v${newest.versionIndex}`)
                          .map((alias) => (
                            <span key={alias.id} className="tag">
                              {alias.alias}
                            </span>
                          ))}
                      </span>
                    )}
                  </td>
                  <td className="wide muted">
                    <Ago at={newest?.createdAt ?? job.createdAt} />
                  </td>
                  <td className="num">
                    <Button icon="play" onClick={() => setLaunching(job.name)} aria-label={t("Launch {name}", { name: job.name })}>
                      {t("Launch")}
                    </Button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {launching && <LaunchDrawer entity={entity} project={project} job={launching} open onClose={() => setLaunching(null)} />}
    </Card>
  );
}
