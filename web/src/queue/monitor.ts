// What the Monitor tab draws, computed from the items of a queue (D-51).
import type { MonitorItemFragment } from "@/generated/graphql";
import { parseTime } from "@/lib/time";

/** One item's life in milliseconds; Infinity: not yet. */
export interface Life {
  created: number;
  leased: number;
  running: number;
  finished: number;
}

export interface Buckets {
  /** Ends of the intervals, in seconds since 1970. */
  at: number[];
  queued: number[];
  pending: number[];
  running: number[];
  completed: number[];
  averageWait: (number | null)[];
  longestWait: (number | null)[];
}

export function lifeOf(item: Pick<MonitorItemFragment, "createdAt" | "leasedAt" | "runningAt" | "finishedAt">): Life {
  const finished = parseTime(item.finishedAt) ?? Infinity;
  const running = parseTime(item.runningAt) ?? finished;
  return { created: parseTime(item.createdAt) ?? 0, leased: parseTime(item.leasedAt) ?? running, running, finished };
}

export function bucketize(lives: Life[], from: number, to: number, count: number): Buckets {
  const width = (to - from) / count;
  const ends = Array.from({ length: count }, (_, index) => from + width * (index + 1));
  const within = (time: number, end: number) => time > end - width && time <= end;
  const buckets: Buckets = { at: ends.map((end) => end / 1000), queued: [], pending: [], running: [], completed: [], averageWait: [], longestWait: [] };
  for (const end of ends) {
    buckets.queued.push(lives.filter((life) => life.created <= end && life.leased > end).length);
    buckets.pending.push(lives.filter((life) => life.leased <= end && life.running > end).length);
    buckets.running.push(lives.filter((life) => life.running <= end && life.finished > end).length);
    buckets.completed.push(lives.filter((life) => within(life.finished, end)).length);
    const waits = lives.filter((life) => within(life.leased, end)).map((life) => (life.leased - life.created) / 1000);
    buckets.averageWait.push(waits.length > 0 ? waits.reduce((sum, wait) => sum + wait, 0) / waits.length : null);
    buckets.longestWait.push(waits.length > 0 ? Math.max(...waits) : null);
  }
  return buckets;
}

export interface Bar<Item> {
  item: Item;
  from: number;
  to: number;
  lane: number;
}

/** Runs as bars from start to end, in as few lanes as they need. */
export function barsOf<Item>(items: { item: Item; life: Life }[], from: number, to: number): { bars: Bar<Item>[]; lanes: number } {
  const shown = items
    .filter(({ life }) => life.leased < to && Math.min(life.finished, to) > from && life.leased !== Infinity)
    .sort((a, b) => a.life.leased - b.life.leased);
  const free: number[] = [];
  const bars = shown.map(({ item, life }) => {
    const start = Math.max(life.leased, from);
    const end = Math.min(life.finished, to);
    let lane = free.findIndex((until) => until <= start);
    if (lane < 0) lane = free.length;
    free[lane] = end;
    return { item, from: start, to: end, lane };
  });
  return { bars, lanes: free.length };
}
