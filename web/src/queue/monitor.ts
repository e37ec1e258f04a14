// From the server's numbers of a queue to what the Monitor tab draws (D-51).
import type { MonitorItemFragment, MonitorQuery } from "@/generated/graphql";
import { parseTime } from "@/lib/time";

type Bucket = NonNullable<MonitorQuery["runQueue"]>["monitor"]["buckets"][number];

export interface Columns {
  /** In seconds since 1970. */
  at: number[];
  queued: number[];
  pending: number[];
  running: number[];
  completed: number[];
  averageWait: (number | null)[];
  longestWait: (number | null)[];
}

export function columnsOf(buckets: Bucket[]): Columns {
  return {
    at: buckets.map((bucket) => (parseTime(bucket.at) ?? 0) / 1000),
    queued: buckets.map((bucket) => bucket.waiting),
    pending: buckets.map((bucket) => bucket.leased),
    running: buckets.map((bucket) => bucket.running),
    completed: buckets.map((bucket) => bucket.finished + bucket.failed + bucket.stopped),
    averageWait: buckets.map((bucket) => bucket.queuedAverageSeconds),
    longestWait: buckets.map((bucket) => bucket.queuedMaxSeconds),
  };
}

export interface Bar<Item> {
  item: Item;
  from: number;
  to: number;
  lane: number;
}

type Timed = Pick<MonitorItemFragment, "leasedAt" | "finishedAt">;

/** Runs as bars from start to end, in as few lanes as they need. */
export function barsOf<Item extends Timed>(items: Item[], from: number, to: number): { bars: Bar<Item>[]; lanes: number } {
  const shown = items
    .flatMap((item) => {
      const start = parseTime(item.leasedAt);
      return start === null ? [] : [{ item, start: Math.max(start, from), end: Math.min(parseTime(item.finishedAt) ?? to, to) }];
    })
    .filter(({ start, end }) => start < to && end >= from)
    .sort((a, b) => a.start - b.start);
  const free: number[] = [];
  const bars = shown.map(({ item, start, end }) => {
    let lane = free.findIndex((until) => until <= start);
    if (lane < 0) lane = free.length;
    free[lane] = end;
    return { item, from: start, to: end, lane };
  });
  return { bars, lanes: free.length };
}
