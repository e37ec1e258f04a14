// What a run was configured with, and what came out of it.
import { useState } from "react";
import { RunDataDocument } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { Card, CopyButton, ErrorNote, Facts, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useT } from "@/i18n";
import { flatten, isObject, parseJson, unwrapConfig, type JsonObject } from "@/lib/json";
import type { RunName } from "./logSource";

export function DataTab({ run }: { run: RunName }) {
  const t = useT();
  const { data, error, isPending } = useApi(RunDataDocument, { entity: run.entityName, project: run.projectName, run: run.name }, { touchedBy: (event) => event.runName === run.name });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const found = data.project?.run;
  const summary = parseJson(found?.summaryMetrics);
  const info = found?.runInfo;
  return (
    <>
      <div className="two-columns">
        <Values title={t("Configuration")} values={unwrapConfig(parseJson(found?.config))} empty={t("The job has set no configuration.")} />
        <Values title={t("Summary")} values={isObject(summary) ? summary : {}} empty={t("The job has logged no summary.")} />
      </div>
      {info && (info.program || info.os || info.python || info.gpu) && (
        <Card title={t("Machine")}>
          <Facts
            rows={[
              [t("Program"), info.program],
              [t("Arguments"), info.args?.join(" ")],
              [t("Operating system"), info.os],
              ["Python", info.python],
              ["GPU", info.gpu],
            ]}
          />
        </Card>
      )}
    </>
  );
}

function Values({ title, values, empty }: { title: string; values: JsonObject; empty: string }) {
  const t = useT();
  const [text, setText] = useState("");
  const all = flatten(values).filter(([key]) => !key.startsWith("_"));
  const rows = all.filter(([key]) => key.toLowerCase().includes(text.toLowerCase()));
  return (
    <Card title={title} extra={all.length > 0 && <CopyButton text={JSON.stringify(values, null, 2)} label={t("Copy as JSON")} />} flush>
      {all.length > 12 && (
        <div className="card-filter">
          <span className="search">
            <Icon name="search" size={14} />
            <input className="input small" type="search" aria-label={t("Search in {what}", { what: title })} placeholder={t("Search")} value={text} onChange={(event) => setText(event.target.value)} />
          </span>
        </div>
      )}
      {all.length === 0 ? (
        <p className="nothing muted">{empty}</p>
      ) : (
        <table className="values">
          <thead className="visually-hidden">
            <tr>
              <th>{t("Name")}</th>
              <th>{t("Value")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([key, value]) => (
              <tr key={key}>
                <td className="mono">{key}</td>
                <td className="mono value">{typeof value === "string" ? value : JSON.stringify(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
