// What a run left behind and what it used.
import { Link } from "wouter";
import { RunFilesDocument, type ArtifactRowFragment } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { Ago, Card, ErrorNote, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useT } from "@/i18n";
import { nodesOf } from "@/lib/nodes";
import { safeAddress } from "@/lib/address";
import { sizeText } from "@/lib/time";
import { routes } from "@/routes";
import type { RunName } from "./logSource";

export function FilesTab({ run }: { run: RunName }) {
  const t = useT();
  const { data, error, isPending } = useApi(RunFilesDocument, { entity: run.entityName, project: run.projectName, run: run.name }, { touchedBy: (event) => event.runName === run.name });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const found = data.project?.run;
  const files = nodesOf(found?.files);
  return (
    <>
      <Card title={t("Files")} flush>
        {files.length === 0 ? (
          <p className="nothing muted">{t("The run has no files.")}</p>
        ) : (
          <div className="table-wrap">
            <table>
              <thead>
                <tr>
                  <th>{t("Name")}</th>
                  <th className="num">{t("Size")}</th>
                  <th className="wide">{t("Changed")}</th>
                  <th>
                    <span className="visually-hidden">{t("Download")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {files.map((file) => (
                  <tr key={file.id}>
                    <td className="mono value">{file.name}</td>
                    <td className="num muted">{file.sizeBytes === null ? "–" : sizeText(Number(file.sizeBytes))}</td>
                    <td className="wide muted">
                      <Ago at={file.updatedAt} />
                    </td>
                    <td className="num">
                      {safeAddress(file.directUrl ?? file.url) && (
                        <a className="button quiet" href={safeAddress(file.directUrl ?? file.url)} download aria-label={t("Download {name}", { name: file.name })}>
                          <Icon name="download" />
                        </a>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      <Artifacts title={t("Artifacts that it made")} artifacts={nodesOf(found?.outputArtifacts)} empty={t("It made none.")} />
      <Artifacts title={t("Artifacts that it used")} artifacts={nodesOf(found?.inputArtifacts)} empty={t("It used none.")} />
    </>
  );
}

function Artifacts({ title, artifacts, empty }: { title: string; artifacts: ArtifactRowFragment[]; empty: string }) {
  const t = useT();
  return (
    <Card title={title} flush>
      {artifacts.length === 0 ? (
        <p className="nothing muted">{empty}</p>
      ) : (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th>{t("Artifact")}</th>
                <th>{t("Type")}</th>
                <th className="num">{t("Files")}</th>
                <th className="num">{t("Size")}</th>
                <th className="wide">{t("Created")}</th>
              </tr>
            </thead>
            <tbody>
              {artifacts.map((artifact) => (
                <tr key={artifact.id}>
                  <td>
                    <ArtifactName artifact={artifact} /> {artifact.aliases.map((alias) => <span key={alias.id} className="tag">{alias.alias}</span>)}
                  </td>
                  <td className="muted">{artifact.artifactType.name}</td>
                  <td className="num">{artifact.fileCount}</td>
                  <td className="num">{sizeText(Number(artifact.size))}</td>
                  <td className="wide muted">
                    <Ago at={artifact.createdAt} />
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

function ArtifactName({ artifact }: { artifact: ArtifactRowFragment }) {
  const { name, project } = artifact.artifactSequence;
  const text = `${name}:v${artifact.versionIndex ?? "?"}`;
  if (artifact.artifactType.name === "job" && project) return <Link href={routes.job(project.entityName, project.name, name)}>{text}</Link>;
  return <span className="strong">{text}</span>;
}
