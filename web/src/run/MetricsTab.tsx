// What the job logged and how its machine was used, drawn while it trains.
import { lazy, Suspense, useMemo, useState } from "react";
import { Card, CopyCommand, Empty, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useT } from "@/i18n";
import { lineColor } from "@/plot/colors";
import type { RunName } from "./logSource";
import type { MetricsModel, Series } from "./metrics";
import { HISTORY, MACHINE, useMetrics } from "./useMetrics";

const Plot = lazy(() => import("@/plot/Plot"));
const MOST_PLOTS = 60;

export function MetricsTab({ run, live }: { run: RunName; live: boolean }) {
  const t = useT();
  const history = useMetrics(run, HISTORY, live);
  const machine = useMetrics(run, MACHINE, live);
  const [text, setText] = useState("");
  if (history.series.size === 0 && machine.series.size === 0) {
    return (
      <Card>
        <Empty title={t("The job has logged no metrics yet.")} icon="runs">
          <p>{t("What the job logs with run.log() is drawn here while it runs.")}</p>
          <CopyCommand command='wandb.log({"loss": loss})' />
        </Empty>
      </Card>
    );
  }
  return (
    <div className="stack">
      <div className="filters">
        <span className="search">
          <Icon name="search" size={14} />
          <input className="input small" type="search" aria-label={t("Search the metrics")} placeholder={t("Search")} value={text} onChange={(event) => setText(event.target.value)} />
        </span>
      </div>
      <Plots title={t("Metrics")} model={history} search={text} group="history" />
      {machine.series.size > 0 && <Plots title={t("System metrics")} model={machine} search={text} group="machine" />}
    </div>
  );
}

function Plots({ title, model, search, group }: { title: string; model: MetricsModel; search: string; group: string }) {
  const names = [...model.series.keys()].filter((name) => name.toLowerCase().includes(search.toLowerCase())).slice(0, MOST_PLOTS);
  if (names.length === 0) return null;
  return (
    <section className="stack tight">
      <h2>{title}</h2>
      <div className="plots">
        {names.map((name, index) => (
          <OnePlot key={name} name={name} series={model.series.get(name)!} version={model.version} color={lineColor(index)} group={group} />
        ))}
      </div>
    </section>
  );
}

function OnePlot({ name, series, version, color, group }: { name: string; series: Series; version: number; color: string; group: string }) {
  // The series grows in place: its version says when.
  const data = useMemo(() => ({ x: [...series.x], lines: [{ label: name, y: [...series.y], color }] }), [series, version, name, color]);
  const last = series.y.at(-1);
  const shown = last === undefined ? "" : Number(last.toPrecision(5)).toString();
  return (
    <Card title={<span className="mono">{name}</span>} extra={<span className="num strong">{shown}</span>}>
      <Suspense fallback={<Loading />}>
        <Plot label={`${name}: ${shown}`} x={data.x} lines={data.lines} group={group} />
      </Suspense>
    </Card>
  );
}
