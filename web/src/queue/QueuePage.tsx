// One queue: its items, its agents, how it does, and how it is set up.
import { lazy, Suspense, useState } from "react";
import { Link, useLocation } from "wouter";
import { DeleteQueuesDocument, QueueByNameDocument, SetQueueStateDocument, type QueuePageFragment } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { Button, ErrorNote, Loading, Tabs } from "@/ui/basics";
import { Confirm, Menu } from "@/ui/overlay";
import { useToasts } from "@/ui/toasts";
import { useT } from "@/i18n";
import { usePageTitle } from "@/lib/pageTitle";
import { routes } from "@/routes";
import { NotFound } from "@/shell/NotFound";
import { AgentsTab } from "./AgentsTab";
import { NoAgentBanner } from "./NoAgentBanner";
import { QueueStatePill } from "./QueueStatePill";
import { resourceName } from "./resources";
import { RunsTab } from "./RunsTab";
import { ExternalLinks } from "./ExternalLinks";

const MonitorTab = lazy(() => import("./MonitorTab").then((module) => ({ default: module.MonitorTab })));
const ConfigTab = lazy(() => import("./ConfigTab").then((module) => ({ default: module.ConfigTab })));

export function QueuePage({ entity, name, tab }: { entity: string; name: string; tab: string }) {
  const t = useT();
  usePageTitle(name);
  const { data, error, isPending } = useApi(QueueByNameDocument, { entity, queue: name }, { touchedBy: (event) => event.kind !== "run" });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const queue = data.project?.runQueue;
  if (!queue) return <NotFound what={t("There is no queue “{queue}” in {entity}.", { queue: name, entity })} />;
  const { waiting, leased, running } = queue.counts;
  const at = (part?: string) => routes.queue(entity, name, part);
  return (
    <>
      <QueueHead queue={queue} />
      {queue.agents.length === 0 && <NoAgentBanner queue={queue} />}
      <Tabs
        label={t("Views of the queue")}
        links={[
          { href: at(), label: <Counted word={t("Runs")} count={waiting + leased + running} />, current: tab === "runs" },
          { href: at("agents"), label: <Counted word={t("Agents")} count={queue.agents.length} />, current: tab === "agents" },
          { href: at("monitor"), label: t("Monitor"), current: tab === "monitor" },
          { href: at("config"), label: t("Config"), current: tab === "config" },
        ]}
      />
      <Suspense fallback={<Loading />}>
        {tab === "runs" && <RunsTab queue={queue} />}
        {tab === "agents" && <AgentsTab queue={queue} />}
        {tab === "monitor" && <MonitorTab queue={queue} />}
        {tab === "config" && <ConfigTab queue={queue} />}
      </Suspense>
    </>
  );
}

function Counted({ word, count }: { word: string; count: number }) {
  return (
    <>
      {word}
      {count > 0 && <span className="count">{count}</span>}
    </>
  );
}

function QueueHead({ queue }: { queue: QueuePageFragment }) {
  const t = useT();
  const { complain } = useToasts();
  const [, go] = useLocation();
  const [deleting, setDeleting] = useState(false);
  const setState = useChange(SetQueueStateDocument);
  const remove = useChange(DeleteQueuesDocument);
  const paused = queue.state === "PAUSED";
  const { waiting, leased, running } = queue.counts;
  const toggle = () => setState.mutate({ input: { id: queue.id, state: paused ? "ACTIVE" : "PAUSED" } }, { onError: complain });
  const confirmDelete = () =>
    remove.mutate({ input: { queueIDs: [queue.id], force: true } }, { onSuccess: () => go(routes.launch(queue.entityName)), onError: complain, onSettled: () => setDeleting(false) });
  return (
    <div className="page-head">
      <div className="titles">
        <nav className="crumbs" aria-label={t("Where this is")}>
          <Link href={routes.launch()}>Launch</Link>
          <span aria-hidden="true">/</span>
          <Link href={routes.launch(queue.entityName)}>{queue.entityName}</Link>
        </nav>
        <div className="row">
          <h1>{queue.name}</h1>
          <QueueStatePill state={queue.state} agents={queue.agents.length} />
        </div>
        <p>
          {resourceName(queue.resource)} · {t("{waiting} waiting, {running} running", { waiting, running: leased + running })}
        </p>
      </div>
      <div className="page-actions">
        <ExternalLinks links={queue.externalLinks} />
        <Button icon={paused ? "play" : "pause"} busy={setState.isPending} onClick={toggle}>
          {paused ? t("Resume") : t("Pause")}
        </Button>
        <Menu label={t("More actions")} entries={[{ label: t("Delete queue"), icon: "trash", danger: true, onSelect: () => setDeleting(true) }]} />
      </div>
      <Confirm
        title={t("Delete queue “{queue}”?", { queue: queue.name })}
        text={t("{waiting} waiting items are dropped and {running} running ones are stopped. This cannot be taken back.", { waiting, running: leased + running })}
        action={t("Delete queue")}
        open={deleting}
        busy={remove.isPending}
        onConfirm={confirmDelete}
        onClose={() => setDeleting(false)}
      />
    </div>
  );
}
