import { describe, expect, it } from "vitest";
import { MetricsModel } from "./metrics";

describe("metrics of a run", () => {
  it("are one series a name, over the steps", () => {
    const model = new MetricsModel("_step");
    model.addLines(0, ['{"_step":0,"loss":2,"eval":{"acc":0.5}}', '{"_step":10,"loss":1,"_runtime":3,"text":"x"}', "broken"]);
    expect(Object.fromEntries(model.series)).toEqual({ loss: { x: [0, 10], y: [2, 1] }, "eval.acc": { x: [0], y: [0.5] } });
    expect(model.lines).toBe(3);
  });

  it("take no line twice when a connection begins again", () => {
    const model = new MetricsModel("_step");
    model.addLines(0, ['{"a":1}', '{"a":2}']);
    model.addLines(1, ['{"a":2}', '{"a":3}']);
    expect(model.series.get("a")?.y).toEqual([1, 2, 3]);
  });

  it("stay small over a long run, with its first part and its newest value", () => {
    const model = new MetricsModel("_step");
    const count = 50_000;
    model.addLines(0, Array.from({ length: count }, (_, step) => `{"_step":${step},"v":${step}}`));
    const series = model.series.get("v")!;
    expect(series.x.length).toBeLessThanOrEqual(4_000);
    expect(series.x.length).toBeGreaterThan(1_000);
    expect(series.x[0]).toBeLessThan(100);
    expect(series.y.at(-1)).toBe(count - 1);
    expect(series.x).toEqual([...series.x].sort((a, b) => a - b));
  });
});
