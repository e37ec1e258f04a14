import { useEffect, useMemo, useSyncExternalStore } from "react";
import { pause } from "@/lib/pause";
import { whileVisible } from "@/lib/visible";
import { readFrames, type RunName } from "./logSource";
import { MetricsModel } from "./metrics";

export const HISTORY = { file: "wandb-history.jsonl", axis: "_step" };
export const MACHINE = { file: "wandb-events.jsonl", axis: "_runtime" };
const RECONNECT_MS = 2000;

async function readInto(model: MetricsModel, run: RunName, file: string, follow: boolean, signal: AbortSignal) {
  for (;;) {
    try {
      for await (const frame of readFrames(run, { from: model.lines, follow, file }, signal)) {
        if (frame.lines && frame.first !== undefined) model.addLines(frame.first, frame.lines);
        if (frame.end) return;
      }
    } catch {
      if (signal.aborted) return;
    }
    await pause(RECONNECT_MS, signal);
    if (signal.aborted) return;
  }
}

/** What a run logged, growing while it runs. */
export function useMetrics(run: RunName, stream: { file: string; axis: string }, live: boolean): MetricsModel {
  const { entityName, projectName, name } = run;
  const { file, axis } = stream;
  const model = useMemo(() => new MetricsModel(axis), [entityName, projectName, name, axis]);
  useEffect(() => whileVisible((signal) => void readInto(model, { entityName, projectName, name }, file, live, signal)), [entityName, projectName, name, file, live, model]);
  useSyncExternalStore(model.subscribe, model.snapshot);
  return model;
}
