import { describe, expect, it } from "vitest";
import { barsOf, bucketize, lifeOf, type Life } from "./monitor";

const life = (created: number, leased: number, running: number, finished: number): Life => ({ created, leased, running, finished });

describe("monitoring a queue", () => {
  it("counts what was queued, pending, running and completed at the end of each interval", () => {
    const buckets = bucketize([life(0, 1500, 2500, 3500), life(500, Infinity, Infinity, Infinity)], 0, 4000, 4);
    expect(buckets.queued).toEqual([2, 1, 1, 1]);
    expect(buckets.pending).toEqual([0, 1, 0, 0]);
    expect(buckets.running).toEqual([0, 0, 1, 0]);
    expect(buckets.completed).toEqual([0, 0, 0, 1]);
    expect(buckets.at).toEqual([1, 2, 3, 4]);
  });

  it("averages how long items waited that were taken in the interval", () => {
    const buckets = bucketize([life(0, 1000, 1000, 1000), life(0, 3000, 3000, 3000), life(2000, 3000, 3000, 3000)], 0, 4000, 2);
    expect(buckets.averageWait).toEqual([1, 2]);
    expect(buckets.longestWait).toEqual([1, 3]);
  });

  it("takes an item that never ran from its end", () => {
    const stopped = lifeOf({ createdAt: "1970-01-01T00:00:01Z", leasedAt: null, runningAt: null, finishedAt: "1970-01-01T00:00:05Z" });
    expect(stopped).toEqual(life(1000, 5000, 5000, 5000));
  });

  it("packs bars that do not overlap into one lane", () => {
    const { bars, lanes } = barsOf([{ item: "a", life: life(0, 0, 0, 10) }, { item: "b", life: life(0, 5, 5, 20) }, { item: "c", life: life(0, 10, 10, Infinity) }], 0, 30);
    expect(lanes).toBe(2);
    expect(bars.map((bar) => [bar.item, bar.lane, bar.to])).toEqual([["a", 0, 10], ["b", 1, 20], ["c", 0, 30]]);
  });
});
