// The agents that serve a queue: what they hold, and pause, drain or stop them (D-47).
import { useState } from "react";
import { Link } from "wouter";
import { EntityAgentsDocument, SetAgentDesireDocument, type AgentRowFragment, type LaunchAgentDesire, type QueuePageFragment } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { Ago, Button, Card, CopyCommand, Empty, ErrorNote, Loading, Pill } from "@/ui/basics";
import { Menu, type MenuEntry } from "@/ui/overlay";
import { PhasePill } from "@/ui/phase";
import { useToasts } from "@/ui/toasts";
import { useT } from "@/i18n";
import { shellWord } from "@/lib/shell";
import { routes } from "@/routes";
import { AddAgentDialog } from "./NoAgentBanner";

export function AgentsTab({ queue }: { queue: QueuePageFragment }) {
  const t = useT();
  const [adding, setAdding] = useState(false);
  const [past, setPast] = useState(false);
  const { data, error, isPending } = useApi(EntityAgentsDocument, { entity: queue.entityName }, { touchedBy: (event) => event.kind === "agent" || event.kind === "item" });
  const serving = (data?.entity?.launchAgents ?? []).filter((agent) => agent.runQueues?.includes(queue.id));
  const agents = serving.filter((agent) => past || agent.alive);
  const add = (
    <Button icon="plus" onClick={() => setAdding(true)}>
      {t("Add an agent")}
    </Button>
  );
  return (
    <>
      <Card
        title={t("Agents")}
        extra={
          <>
            {serving.some((agent) => !agent.alive) && (
              <label className="check muted">
                <input type="checkbox" checked={past} onChange={(event) => setPast(event.target.checked)} />
                {t("Show those that are gone")}
              </label>
            )}
            {add}
          </>
        }
        flush
      >
        <ErrorNote error={error} />
        {isPending && <Loading />}
        {data && agents.length === 0 && (
          <Empty title={t("No agent polls this queue.")} icon="play">
            <p>{t("Start one on the machine that should do the work:")}</p>
            <CopyCommand command={`slipway launch-agent -q ${shellWord(queue.name)} -e ${shellWord(queue.entityName)}`} />
          </Empty>
        )}
        {agents.length > 0 && (
          <div className="table-wrap">
            <table>
              <thead>
                <tr>
                  <th>{t("Agent")}</th>
                  <th>{t("Status")}</th>
                  <th>{t("Jobs")}</th>
                  <th className="wide">{t("Host")}</th>
                  <th className="wide">{t("Version")}</th>
                  <th className="wide">{t("Started")}</th>
                  <th className="wide">{t("Heard of")}</th>
                  <th>
                    <span className="visually-hidden">{t("Actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {agents.map((agent) => (
                  <AgentRow key={agent.id} agent={agent} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      <AddAgentDialog queue={queue} open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function AgentPill({ agent }: { agent: AgentRowFragment }) {
  const t = useT();
  if (!agent.alive) return <Pill tone="bad">{agent.agentStatus === "KILLED" ? t("Killed") : t("Not heard of")}</Pill>;
  if (agent.desire === "PAUSE") return <Pill tone="warn">{t("Paused")}</Pill>;
  if (agent.desire === "DRAIN") return <Pill tone="warn">{t("Draining")}</Pill>;
  if (agent.desire === "STOP") return <Pill tone="warn">{t("Stopping")}</Pill>;
  if (agent.items.length > 0) return <Pill tone="busy">{t("Running")}</Pill>;
  return <Pill tone="good">{t("Polling")}</Pill>;
}

function AgentRow({ agent }: { agent: AgentRowFragment }) {
  const t = useT();
  const { complain } = useToasts();
  const setDesire = useChange(SetAgentDesireDocument);
  const want = (desire: LaunchAgentDesire) => setDesire.mutate({ input: { id: agent.id, desire } }, { onError: complain });
  const entries: MenuEntry[] = [
    agent.desire === "RUN" ? { label: t("Pause: take no new jobs"), icon: "pause", onSelect: () => want("PAUSE") } : { label: t("Resume"), icon: "play", onSelect: () => want("RUN") },
    { label: t("Drain: finish its jobs, then end"), icon: "check", onSelect: () => want("DRAIN") },
    { label: t("Stop the agent"), icon: "stop", danger: true, onSelect: () => want("STOP") },
  ];
  return (
    <tr>
      <td>
        <div className="strong">{agent.name}</div>
        <code className="faint">{agent.id}</code>
      </td>
      <td>
        <AgentPill agent={agent} />
      </td>
      <td>
        {agent.items.length} / {agent.maxJobs < 0 ? "∞" : agent.maxJobs}
        {agent.items.slice(0, 3).map((item) => (
          <div key={item.id} className="row">
            {item.run && <Link href={routes.run(item.run.entityName, item.run.projectName, item.run.name)}>{item.run.name}</Link>}
            <PhasePill phase={item.phase} />
          </div>
        ))}
      </td>
      <td className="wide muted">{agent.hostname}</td>
      <td className="wide muted">{agent.version}</td>
      <td className="wide muted">
        <Ago at={agent.createdAt} />
      </td>
      <td className="wide muted">
        <Ago at={agent.heartbeatAt} />
      </td>
      <td className="num">{agent.alive && <Menu label={t("Actions for {name}", { name: agent.name })} entries={entries} />}</td>
    </tr>
  );
}
