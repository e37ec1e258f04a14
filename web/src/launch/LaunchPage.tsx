// Launch: the queues of all entities or of one, live; a row opens to show its newest items.
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { EntityQueuesDocument, type QueueRowFragment } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { useWho } from "@/api/session";
import { RecentItems } from "@/queue/RecentItems";
import { resourceName } from "@/queue/resources";
import { QueueStatePill } from "@/queue/QueueStatePill";
import { Card, CopyCommand, Empty, ErrorNote, LinkButton, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useT } from "@/i18n";
import { usePageTitle } from "@/lib/pageTitle";
import { shellWord } from "@/lib/shell";
import { routes } from "@/routes";

export function LaunchPage({ entity }: { entity?: string }) {
  const t = useT();
  const { entities } = useWho();
  const [, go] = useLocation();
  usePageTitle("Launch");
  const shown = entity ? [entity] : entities;
  const create = entity ? `${routes.createQueue}?entity=${encodeURIComponent(entity)}` : routes.createQueue;
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <h1>Launch</h1>
          <p>{t("Queues hand jobs to the agents that run them.")}</p>
        </div>
        <div className="page-actions">
          {(entities.length > 1 || entity) && (
            <select className="input small" aria-label={t("Entity")} value={entity ?? ""} onChange={(event) => go(routes.launch(event.target.value))}>
              <option value="">{t("All entities")}</option>
              {[...new Set([...entities, ...(entity ? [entity] : [])])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
          <LinkButton kind="primary" icon="plus" href={create}>
            {t("Create queue")}
          </LinkButton>
        </div>
      </div>
      {shown.map((name) => (
        <EntityQueues key={name} entity={name} alone={shown.length === 1} />
      ))}
    </>
  );
}

function EntityQueues({ entity, alone }: { entity: string; alone: boolean }) {
  const t = useT();
  const { data, error, isPending } = useApi(EntityQueuesDocument, { entity }, { touchedBy: (event) => event.kind !== "run" && event.kind !== "people" });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const queues = data.entity?.runQueues ?? [];
  if (queues.length === 0) {
    const command = <CopyCommand command={`slipway queue create my-queue -e ${shellWord(entity)} --resource local-container`} />;
    if (!alone) return <Card title={entity} extra={<><span className="muted wide">{t("There is no queue yet.")}</span>{command}</>} />;
    return (
      <Card title={entity}>
        <Empty title={t("There is no queue yet.")} icon="queue">
          <p>{t("Create one here, or from a terminal:")}</p>
          {command}
        </Empty>
      </Card>
    );
  }
  return (
    <Card title={entity} extra={<span className="muted">{t("{count} {count|queue|queues}", { count: queues.length })}</span>} flush>
      <div className="table-wrap">
        <table>
          <thead>
            <tr>
              <th>{t("Queue")}</th>
              <th className="wide">{t("Resource")}</th>
              <th>{t("State")}</th>
              <th className="num">{t("Waiting")}</th>
              <th className="num">{t("Running")}</th>
              <th className="num wide">{t("Agents")}</th>
              <th className="wide">
                <span className="visually-hidden">{t("Actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <QueueRow key={queue.id} queue={queue} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function QueueRow({ queue }: { queue: QueueRowFragment }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const { waiting, leased, running } = queue.counts;
  const address = routes.queue(queue.entityName, queue.name);
  return (
    <>
      <tr>
        <td>
          <div className="queue-name">
            <button type="button" className="twist" aria-expanded={open} aria-label={t("Items of {queue}", { queue: queue.name })} onClick={() => setOpen(!open)}>
              <Icon name="chevron" size={13} />
            </button>
            <Link href={address} className="strong">
              {queue.name}
            </Link>
          </div>
        </td>
        <td className="wide muted">{resourceName(queue.resource)}</td>
        <td>
          <QueueStatePill state={queue.state} agents={queue.agents.length} />
        </td>
        <td className="num">{waiting}</td>
        <td className="num">{leased + running}</td>
        <td className="num wide">{queue.agents.length}</td>
        <td className="num wide">
          <Link href={address}>{t("View queue")}</Link>
        </td>
      </tr>
      {open && (
        <tr className="opened">
          <td colSpan={7}>
            <RecentItems queue={queue} />
          </td>
        </tr>
      )}
    </>
  );
}
