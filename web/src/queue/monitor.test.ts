import { describe, expect, it } from "vitest";
import { barsOf, columnsOf } from "./monitor";

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

describe("monitoring a queue", () => {
  it("draws the server's buckets, with all that ended as completed", () => {
    const bucket = { at: at(60), waiting: 3, leased: 1, running: 2, finished: 4, failed: 1, stopped: 1, queuedAverageSeconds: 2.5, queuedMaxSeconds: null };
    expect(columnsOf([bucket])).toEqual({ at: [60], queued: [3], pending: [1], running: [2], completed: [6], averageWait: [2.5], longestWait: [null] });
  });

  it("packs bars that do not overlap into one lane, cut to the time that is shown", () => {
    const run = (name: string, from: number, to: number | null) => ({ name, leasedAt: at(from), finishedAt: to === null ? null : at(to) });
    const { bars, lanes } = barsOf([run("c", 10, null), run("a", -5, 10), run("b", 5, 20), { name: "waits", leasedAt: null, finishedAt: null }], 0, 30_000);
    expect(lanes).toBe(2);
    expect(bars.map((bar) => [bar.item.name, bar.lane, bar.from, bar.to])).toEqual([
      ["a", 0, 0, 10_000],
      ["b", 1, 5_000, 20_000],
      ["c", 0, 10_000, 30_000],
    ]);
  });
});
