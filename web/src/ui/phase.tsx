// The life of an item and of a run, in words and colours.
import { Pill, type Tone } from "./basics";
import { useT, type Message } from "@/i18n";
import type { RunQueueItemState } from "@/generated/graphql";

const PHASES: Record<RunQueueItemState, [Message, Tone]> = {
  PENDING: ["Queued", "neutral"],
  LEASED: ["Picked up", "info"],
  CLAIMED: ["Preparing", "info"],
  STARTING: ["Starting", "info"],
  RUNNING: ["Running", "busy"],
  PREEMPTED: ["Preempted", "special"],
  FINISHED: ["Finished", "good"],
  FAILED: ["Failed", "bad"],
  STOPPED: ["Stopped", "warn"],
};
const RUN_STATES: Record<string, [Message, Tone]> = {
  pending: ["Queued", "neutral"],
  running: ["Running", "busy"],
  finished: ["Finished", "good"],
  failed: ["Failed", "bad"],
  crashed: ["Crashed", "bad"],
  killed: ["Stopped", "warn"],
  preempting: ["Preempted", "special"],
  preempted: ["Preempted", "special"],
};
const ENDED: RunQueueItemState[] = ["FINISHED", "FAILED", "STOPPED"];

export function hasEnded(phase: RunQueueItemState): boolean {
  return ENDED.includes(phase);
}

interface PhaseProps {
  phase: RunQueueItemState;
  stopping?: boolean;
  unreachable?: boolean;
}

export function PhasePill({ phase, stopping = false, unreachable = false }: PhaseProps) {
  const t = useT();
  const [word, tone] = PHASES[phase];
  if (stopping && !hasEnded(phase)) return <Pill tone="warn">{t("Stopping")}</Pill>;
  if (unreachable && !hasEnded(phase)) return <Pill tone="warn" title={t("The backend does not answer; this is the last known state.")}>{`${t(word)} ?`}</Pill>;
  return <Pill tone={tone}>{t(word)}</Pill>;
}

export function RunStatePill({ state }: { state: string | null }) {
  const t = useT();
  const known = RUN_STATES[state ?? ""];
  if (!known) return <Pill tone="neutral">{state ?? "–"}</Pill>;
  return <Pill tone={known[1]}>{t(known[0])}</Pill>;
}

export function usePhaseWord(): (phase: RunQueueItemState) => string {
  const t = useT();
  return (phase) => t(PHASES[phase][0]);
}
