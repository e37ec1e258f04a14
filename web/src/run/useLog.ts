import { useEffect, useMemo, useSyncExternalStore } from "react";
import { pause } from "@/lib/pause";
import { whileVisible } from "@/lib/visible";
import { LogModel, PAGE_LINES } from "./logModel";
import { countLines, readFrames, readLines, type RunName } from "./logSource";

const RECONNECT_MS = 1000;

/** Follows the log into the model: from its end on, across broken connections, until it is complete. */
async function follow(run: RunName, attempt: number | null, model: LogModel, signal: AbortSignal) {
  let next = -1;
  while (!signal.aborted && !model.end) {
    try {
      if (next < 0) {
        const total = await countLines(run, attempt, signal);
        model.setTotal(total);
        next = Math.max(0, total - PAGE_LINES);
      }
      for await (const frame of readFrames(run, { from: next, follow: true, attempt }, signal)) {
        if (frame.lines && frame.first !== undefined) {
          model.append(frame.first, frame.lines);
          next = frame.first + frame.lines.length;
        }
        if (frame.end) model.finish({ complete: frame.complete ?? true, truncated: frame.truncated ?? false });
      }
    } catch {
      if (signal.aborted) return;
    }
    if (!model.end) await pause(RECONNECT_MS, signal);
  }
}

/** The log of a run; a new attempt of it is a new log. */
export function useLog(run: RunName, attempt: number | null) {
  const { entityName, projectName, name } = run;
  const model = useMemo(
    () => new LogModel((from, count, signal) => readLines({ entityName, projectName, name }, from, count, attempt, signal)),
    [entityName, projectName, name, attempt],
  );
  useEffect(() => {
    return whileVisible((signal) => void follow({ entityName, projectName, name }, attempt, model, signal));
  }, [entityName, projectName, name, attempt, model]);
  useSyncExternalStore(model.subscribe, model.snapshot);
  return model;
}
