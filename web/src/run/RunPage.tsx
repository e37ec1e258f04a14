// One run: what happens with it now and why, its output, metrics, configuration, files, and what was sent to the backend.
import { lazy, Suspense, useState } from "react";
import { Link, useLocation } from "wouter";
import { CancelItemsDocument, RequeueItemDocument, RunPageDocument, StopRunDocument, type RunPageQuery } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { Button, Card, Clock, ErrorNote, Facts, Loading, Tabs } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { hasEnded, PhasePill, RunStatePill } from "@/ui/phase";
import { Confirm } from "@/ui/overlay";
import { useToasts } from "@/ui/toasts";
import { useT } from "@/i18n";
import { usePageTitle } from "@/lib/pageTitle";
import { parseTime, spanText } from "@/lib/time";
import { useNow } from "@/lib/useNow";
import { routes } from "@/routes";
import { NotFound } from "@/shell/NotFound";
import { LogView } from "./LogView";
import { Timeline } from "./Timeline";

const MetricsTab = lazy(() => import("./MetricsTab").then((module) => ({ default: module.MetricsTab })));
const DataTab = lazy(() => import("./DataTab").then((module) => ({ default: module.DataTab })));
const FilesTab = lazy(() => import("./FilesTab").then((module) => ({ default: module.FilesTab })));
const RequestTab = lazy(() => import("./RequestTab").then((module) => ({ default: module.RequestTab })));

type Run = NonNullable<NonNullable<RunPageQuery["project"]>["run"]>;
type Item = NonNullable<Run["item"]>;

export function RunPage({ entity, project, name, tab }: { entity: string; project: string; name: string; tab: string }) {
  const t = useT();
  const { data, error, isPending } = useApi(
    RunPageDocument,
    { entity, project, run: name },
    // A queue's and an agent's changes may change why it waits.
    { touchedBy: (event): boolean => event.runName === name || event.kind === "agent" || event.kind === "queue" },
  );
  const run = data?.project?.run;
  usePageTitle(run?.displayName ?? name);
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  if (!run) return <NotFound what={t("There is no run “{run}” in {project}.", { run: name, project: `${entity}/${project}` })} />;
  const at = (part?: string) => routes.run(entity, project, name, part);
  return (
    <>
      <RunHead run={run} />
      <Reasons run={run} />
      <Tabs
        label={t("Views of the run")}
        links={[
          { href: at(), label: t("Overview"), current: tab === "overview" },
          { href: at("metrics"), label: t("Metrics"), current: tab === "metrics" },
          { href: at("config"), label: t("Config and summary"), current: tab === "config" },
          { href: at("files"), label: t("Files and artifacts"), current: tab === "files" },
          ...(run.item ? [{ href: at("request"), label: t("Request"), current: tab === "request" }] : []),
        ]}
      />
      <Suspense fallback={<Loading />}>
        {tab === "overview" && <Overview run={run} />}
        {tab === "metrics" && <MetricsTab run={run} live={!hasRunEnded(run)} />}
        {tab === "config" && <DataTab run={run} />}
        {tab === "files" && <FilesTab run={run} />}
        {tab === "request" && run.item && <RequestTab itemId={run.item.id} />}
      </Suspense>
    </>
  );
}

function hasRunEnded(run: Run): boolean {
  return run.item ? hasEnded(run.item.phase) : run.state !== "running" && run.state !== "pending";
}

function RunHead({ run }: { run: Run }) {
  const t = useT();
  const { item } = run;
  return (
    <div className="page-head">
      <div className="titles">
        <nav className="crumbs" aria-label={t("Where this is")}>
          <Link href={routes.project(run.entityName, run.projectName)}>
            {run.entityName} / {run.projectName}
          </Link>
          <span aria-hidden="true">/</span>
          <span className="mono">{run.name}</span>
        </nav>
        <div className="row">
          <h1>{run.displayName || run.name}</h1>
          {item ? <PhasePill phase={item.phase} stopping={item.cancelRequested} unreachable={item.unreachableSince !== null} /> : <RunStatePill state={run.state} />}
        </div>
      </div>
      <div className="page-actions">
        <RunActions run={run} />
      </div>
    </div>
  );
}

function RunActions({ run }: { run: Run }) {
  const t = useT();
  const [, go] = useLocation();
  const { say, complain } = useToasts();
  const cancel = useChange(CancelItemsDocument);
  const stopRun = useChange(StopRunDocument);
  const again = useChange(RequeueItemDocument);
  const { item } = run;
  const stop = () => {
    if (item) cancel.mutate({ input: { ids: [item.id] } }, { onError: complain });
    else stopRun.mutate({ input: { id: run.id } }, { onError: complain });
  };
  const rerun = () =>
    item &&
    again.mutate(
      { input: { id: item.id } },
      {
        onError: complain,
        onSuccess: (answer) => {
          const next = answer.requeueRunQueueItem?.item.run;
          say(t("Launched again."));
          if (next && next.name !== run.name) go(routes.run(next.entityName, next.projectName, next.name));
        },
      },
    );
  if (!hasRunEnded(run)) {
    if (item?.unreachableSince && item.cancelRequested) return <GiveUp itemId={item.id} />;
    return (
      <Button kind="danger" icon="stop" busy={cancel.isPending || stopRun.isPending} disabled={item?.cancelRequested} onClick={stop}>
        {item?.cancelRequested ? t("Stopping…") : t("Stop")}
      </Button>
    );
  }
  return item ? (
    <Button icon="retry" busy={again.isPending} onClick={rerun}>
      {t("Run again")}
    </Button>
  ) : null;
}

/** A submitted job whose machine does not come back: ends the item, whatever becomes of the job. */
function GiveUp({ itemId }: { itemId: string }) {
  const t = useT();
  const { complain } = useToasts();
  const cancel = useChange(CancelItemsDocument);
  const [asking, setAsking] = useState(false);
  const giveUp = () => cancel.mutate({ input: { ids: [itemId], force: true } }, { onError: complain, onSettled: () => setAsking(false) });
  return (
    <>
      <Button kind="danger" icon="stop" onClick={() => setAsking(true)}>
        {t("Give up on it")}
      </Button>
      <Confirm
        title={t("Give up on this job?")}
        text={t("Nobody reaches the machine that it runs on. The item ends here; if the machine comes back, the job may still run there.")}
        action={t("Give up on it")}
        open={asking}
        busy={cancel.isPending}
        onConfirm={giveUp}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

/** What a person wants to know first: why it failed, or why it waits. */
function Reasons({ run }: { run: Run }) {
  const t = useT();
  const { item } = run;
  if (!item) return null;
  return (
    <>
      {item.error && (
        <div className="note bad">
          <Icon name="warning" />
          <div>
            <p>{item.error.message}</p>
            {item.error.failureClass && (
              <p className="hint">
                {item.error.failureClass}
                {item.error.stage && ` · ${item.error.stage}`}
              </p>
            )}
          </div>
        </div>
      )}
      {item.waitReason && (
        <div className="note" role="status">
          <Icon name="info" />
          <div>
            <p>{item.waitReason}</p>
          </div>
        </div>
      )}
      {item.unreachableSince && !hasEnded(item.phase) && (
        <div className="note warn" role="status">
          <Icon name="warning" />
          <div>
            {t("The backend has not answered since")} <Clock at={item.unreachableSince} />. {t("The state is the last known one.")}
          </div>
        </div>
      )}
      {item.warnings?.map((warning, index) => (
        <div className="note warn" key={index}>
          <Icon name="warning" />
          <div>
            <p>{warning.message}</p>
          </div>
        </div>
      ))}
    </>
  );
}

function Overview({ run }: { run: Run }) {
  const t = useT();
  const { item } = run;
  return (
    <div className="run-grid">
      <Card title={t("Output")} flush>
        <LogView run={run} attempts={item?.attempt ?? 1} />
      </Card>
      <div className="stack">
        <Card title={t("About")}>
          <RunFacts run={run} item={item} />
        </Card>
        {item && (
          <Card title={t("Timeline")}>
            <Timeline events={item.events} />
          </Card>
        )}
      </div>
    </div>
  );
}

function RunFacts({ run, item }: { run: Run; item: Item | null }) {
  const t = useT();
  const ended = hasRunEnded(run);
  return (
    <Facts
      rows={[
        [t("Queue"), item?.queue && <Link href={routes.queue(item.queue.entityName, item.queue.name)}>{item.queue.name}</Link>],
        [t("Author"), item?.author ?? run.user?.username],
        [t("Agent"), item?.agentName],
        [t("Host"), run.host],
        [t("Step"), !ended && item?.stage],
        [t("Exit code"), item?.exitCode ?? run.exitCode],
        [t("Attempt"), item && item.attempt > 1 ? item.attempt : null],
        [t("Created"), <Clock key="created" at={run.createdAt} />],
        [t("Started"), (item?.startedAt ?? run.startedAt) && <Clock key="started" at={item?.startedAt ?? run.startedAt} />],
        [t("Duration"), (item?.startedAt ?? run.startedAt) && <RunDuration key="duration" from={item?.startedAt ?? run.startedAt} to={item?.finishedAt ?? run.finishedAt} ended={ended} />],
        [t("Image"), item?.image && <code>{item.image}</code>],
        [t("Tags"), run.tags?.length ? run.tags.join(", ") : null],
      ]}
    />
  );
}

function RunDuration({ from, to, ended }: { from: string | null; to: string | null; ended: boolean }) {
  const now = useNow(1000);
  const start = parseTime(from);
  if (start === null) return null;
  const end = parseTime(to) ?? (ended ? start : now);
  return <>{spanText(Math.max(0, end - start))}</>;
}
