// The live event stream: one connection for the whole app. Events are hints that something changed; the truth is asked for anew.
import { useSyncExternalStore } from "react";
import { whileVisible } from "@/lib/visible";

export interface LiveEvent {
  kind: "item" | "items" | "queue" | "agent" | "run" | "people" | "reset";
  id?: string;
  queueId?: string;
  entityName?: string;
  projectName?: string;
  runName?: string;
  phase?: string;
}

const KINDS: LiveEvent["kind"][] = ["item", "items", "queue", "agent", "run", "people", "reset"];
export type LiveStatus = "off" | "connecting" | "live";

class LiveFeed {
  private release: (() => void) | null = null;
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private readonly statusListeners = new Set<() => void>();
  private status: LiveStatus = "off";

  start() {
    this.release ??= whileVisible((signal) => this.connect(signal));
  }

  stop() {
    this.release?.();
    this.release = null;
    this.setStatus("off");
  }

  private connect(signal: AbortSignal) {
    this.setStatus("connecting");
    const source = new EventSource("/api/events");
    signal.addEventListener("abort", () => source.close());
    for (const kind of KINDS) {
      source.addEventListener(kind, (message) => {
        const body = JSON.parse((message as MessageEvent<string>).data || "{}");
        // Events of a run name it in their own words.
        this.emit({ ...body, kind, runName: body.runName ?? body.name ?? body.run });
      });
    }
    source.addEventListener("open", () => {
      this.setStatus("live");
      this.emit({ kind: "reset" });
    });
    source.addEventListener("error", () => this.setStatus("connecting"));
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  readonly watchStatus = (listener: () => void) => {
    this.statusListeners.add(listener);
    return () => {
      this.statusListeners.delete(listener);
    };
  };

  readonly currentStatus = () => this.status;

  private emit(event: LiveEvent) {
    for (const listener of this.listeners) listener(event);
  }

  private setStatus(status: LiveStatus) {
    this.status = status;
    for (const listener of this.statusListeners) listener();
  }
}

export const liveFeed = new LiveFeed();

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(liveFeed.watchStatus, liveFeed.currentStatus);
}
