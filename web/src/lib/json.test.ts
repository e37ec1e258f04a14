import { describe, expect, it } from "vitest";
import { flatten, prettyJson, unwrapConfig } from "./json";

describe("documents of the server", () => {
  it("shows a document that came inside a string", () => {
    expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
  });

  it("unwraps a run's configuration and leaves the client's own part out", () => {
    expect(unwrapConfig({ lr: { value: 0.1, desc: null }, plain: 2, _wandb: { value: {} } })).toEqual({ lr: 0.1, plain: 2 });
  });

  it("flattens nested values and keeps lists and empty objects", () => {
    expect(flatten({ a: { b: 1, c: [1, 2] }, d: {} })).toEqual([
      ["a.b", 1],
      ["a.c", [1, 2]],
      ["d", {}],
    ]);
  });
});
