// How a queue does over time (D-50, D-51): job status, queued time, the runs as bars, the machines' use, and the errors.
import { lazy, Suspense, useMemo, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { MonitorDocument, type MonitorItemFragment, type QueuePageFragment } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { Ago, Card, Clock, Empty, ErrorNote, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { PhasePill } from "@/ui/phase";
import { useT, type Message } from "@/i18n";
import { spanText } from "@/lib/time";
import { useNow } from "@/lib/useNow";
import { lineColor } from "@/plot/colors";
import { routes } from "@/routes";
import { MachineUse } from "./MachineUse";
import { barsOf, columnsOf, type Bar } from "./monitor";
import { RunBars, type TimeSpan } from "./RunBars";

const Plot = lazy(() => import("@/plot/Plot"));
const HOUR = 3_600_000;
const RANGES: { word: string; label: Message; ms: number }[] = [
  { word: "hour", label: "Last hour", ms: HOUR },
  { word: "day", label: "Last day", ms: 24 * HOUR },
  { word: "week", label: "Last seven days", ms: 7 * 24 * HOUR },
  { word: "month", label: "Last thirty days", ms: 30 * 24 * HOUR },
];
const BUCKETS = 96;
const STEP_MS = 15_000;

export function MonitorTab({ queue }: { queue: QueuePageFragment }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const range = RANGES.find((each) => each.word === search.get("range")) ?? RANGES[2]!;
  // In steps, so that what is drawn does not change with every tick.
  const now = Math.ceil(useNow(STEP_MS) / STEP_MS) * STEP_MS;
  const from = now - range.ms;
  const { data, error, isPending } = useApi(
    MonitorDocument,
    { id: queue.id, from: new Date(from).toISOString(), to: new Date(now).toISOString(), buckets: BUCKETS },
    { keepPrevious: true, touchedBy: (event) => event.queueId === queue.id },
  );
  const [author, setAuthor] = useState("");
  const monitor = data?.runQueue?.monitor;
  const authors = useMemo(() => [...new Set((monitor?.runs ?? []).flatMap((item) => item.author ?? []))].sort(), [monitor]);
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  if (!monitor) return null;
  const chosen = (items: MonitorItemFragment[]) => items.filter((item) => !author || item.author === author);
  return (
    <div className="stack">
      <div className="filters">
        <div className="segmented" role="group" aria-label={t("Time range")}>
          {RANGES.map((each) => (
            <button key={each.word} type="button" aria-pressed={each === range} onClick={() => setSearch({ range: each.word }, { replace: true })}>
              {t(each.label)}
            </button>
          ))}
        </div>
        {authors.length > 1 && (
          <select className="input small" aria-label={t("Author")} value={author} onChange={(event) => setAuthor(event.target.value)}>
            <option value="">{t("All authors")}</option>
            {authors.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </div>
      {monitor.truncated && (
        <div className="note">
          <Icon name="info" />
          <div>{t("There was more than can be counted. Choose a shorter time.")}</div>
        </div>
      )}
      <Totals buckets={monitor.buckets} />
      {monitor.runs.length === 0 ? (
        <Card>
          <Empty title={t("Nothing ran in this time.")} icon="runs" />
        </Card>
      ) : (
        <>
          <JobRuns key={range.word} items={chosen(monitor.runs)} from={from} to={now} />
          <MachineUse items={chosen(monitor.runs)} />
        </>
      )}
      <Errors items={chosen(monitor.errors)} />
    </div>
  );
}

function Totals({ buckets }: { buckets: Parameters<typeof columnsOf>[0] }) {
  const t = useT();
  const columns = useMemo(() => columnsOf(buckets), [buckets]);
  const status = useMemo(
    () => [
      { label: t("Queued"), y: columns.queued, color: lineColor(2), stepped: true, fill: true },
      { label: t("Pending"), y: columns.pending, color: lineColor(1), stepped: true },
      { label: t("Running"), y: columns.running, color: lineColor(0), stepped: true, fill: true },
      { label: t("Completed"), y: columns.completed, color: lineColor(3), stepped: true },
    ],
    [columns, t],
  );
  const waits = useMemo(
    () => [
      { label: t("Average wait"), y: columns.averageWait, color: lineColor(0) },
      { label: t("Longest wait"), y: columns.longestWait, color: lineColor(2) },
    ],
    [columns, t],
  );
  return (
    <div className="two-columns">
      <Card title={t("Job status")}>
        <Suspense fallback={<Loading />}>
          <Plot label={t("Job status")} x={columns.at} lines={status} time group="monitor" />
        </Suspense>
      </Card>
      <Card title={t("Queued time")} extra={<span className="muted">{t("seconds")}</span>}>
        <Suspense fallback={<Loading />}>
          <Plot label={t("Queued time")} x={columns.at} lines={waits} time group="monitor" />
        </Suspense>
      </Card>
    </div>
  );
}

function JobRuns({ items, from, to }: { items: MonitorItemFragment[]; from: number; to: number }) {
  const t = useT();
  const [chosen, setChosen] = useState<TimeSpan | null>(null);
  const { bars, lanes } = useMemo(() => barsOf(items, from, to), [items, from, to]);
  const listed = chosen ? bars.filter((bar) => bar.from <= chosen.to && bar.to >= chosen.from) : [];
  return (
    <Card
      title={t("Job runs")}
      extra={
        chosen ? (
          <button type="button" className="button quiet" onClick={() => setChosen(null)}>
            {t("Show all")}
          </button>
        ) : (
          <button type="button" className="button quiet" onClick={() => setChosen({ from, to })}>
            {t("List all")}
          </button>
        )
      }
    >
      <div className="stack tight">
        <p className="hint">{t("Drag over the bars to list a part of them.")}</p>
        <RunBars bars={bars} lanes={lanes} from={from} to={to} chosen={chosen} onChoose={setChosen} />
        {listed.length > 0 && <RunTable bars={listed} />}
      </div>
    </Card>
  );
}

function RunTable({ bars }: { bars: Bar<MonitorItemFragment>[] }) {
  const t = useT();
  return (
    <div className="table-wrap short-table" tabIndex={0} role="region" aria-label={t("Job runs")}>
      <table>
        <thead>
          <tr>
            <th>{t("Run")}</th>
            <th>{t("Status")}</th>
            <th className="wide">{t("Author")}</th>
            <th className="wide">{t("Started")}</th>
            <th className="num">{t("Duration")}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ item, from, to }) => (
            <tr key={item.id}>
              <td>{item.run && <Link href={routes.run(item.run.entityName, item.run.projectName, item.run.name)}>{item.run.displayName || item.run.name}</Link>}</td>
              <td>
                <PhasePill phase={item.phase} />
              </td>
              <td className="wide muted">{item.author}</td>
              <td className="wide muted">
                <Clock at={item.leasedAt ?? item.createdAt} />
              </td>
              <td className="num">{spanText(to - from)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Errors({ items }: { items: MonitorItemFragment[] }) {
  const t = useT();
  return (
    <Card title={t("Errors")} flush>
      {items.length === 0 ? (
        <p className="nothing muted">{t("No error in this time.")}</p>
      ) : (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th>{t("Time")}</th>
                <th>{t("Run")}</th>
                <th>{t("Message")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.id}>
                  <td className="muted">
                    <Ago at={item.finishedAt ?? item.createdAt} />
                  </td>
                  <td>{item.run && <Link href={routes.run(item.run.entityName, item.run.projectName, item.run.name)}>{item.run.displayName || item.run.name}</Link>}</td>
                  <td className="value">{item.error?.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
