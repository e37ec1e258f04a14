import { Pill } from "@/ui/basics";
import { useT } from "@/i18n";
import type { RunQueueState } from "@/generated/graphql";

export function QueueStatePill({ state, agents }: { state: RunQueueState; agents: number }) {
  const t = useT();
  if (state === "PAUSED") return <Pill tone="warn">{t("Paused")}</Pill>;
  if (agents > 0) return <Pill tone="good">{t("Active")}</Pill>;
  return (
    <Pill tone="neutral" title={t("No agent polls this queue.")}>
      {t("Not running")}
    </Pill>
  );
}
