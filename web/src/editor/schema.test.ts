import { describe, expect, it } from "vitest";
import { keysAt, schemaProblems, unfilled } from "./schema";

const SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    env: { description: "NAME=value", oneOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
    count: { type: "integer", minimum: 1 },
    spec: { $ref: "#/$defs/pod" },
  },
  $defs: { pod: { type: "object", properties: { containers: { type: "array", items: { properties: { image: { type: "string" } } } } } } },
};

const problems = (value: unknown) => schemaProblems(value, SCHEMA).map((each) => `${each.path.join(".")}: ${each.message}`);

describe("a resource's schema", () => {
  it("names the place of each mistake once", () => {
    const found = problems({ count: 0, envv: 1 });
    expect(found).toHaveLength(2);
    expect(found.join()).toContain("envv: The key “envv” is not known here.");
    expect(found.join()).toMatch(/count: .*1/);
  });

  it("says once that no choice fits", () => {
    expect(problems({ env: 5 })).toHaveLength(1);
  });

  it("lets placeholders and macros stand for any type", () => {
    expect(problems({ count: "{{gpus}}", env: ["A=${run_id}"] })).toEqual([]);
    expect(problems({ count: "many" })).toHaveLength(1);
  });

  it("finds what has to be filled in", () => {
    expect(unfilled({ RoleArn: "<REQUIRED>", a: [{ b: "REQUIRED" }], c: "is REQUIRED here" }).map((each) => each.path.join("."))).toEqual(["RoleArn", "a.0.b"]);
  });

  it("knows the keys at a place, through references and lists", () => {
    expect(keysAt(SCHEMA, []).map((key) => key.name)).toEqual(["count", "env", "spec"]);
    expect(keysAt(SCHEMA, ["spec", "containers", 0]).map((key) => key.name)).toEqual(["image"]);
    expect(keysAt(SCHEMA, ["nowhere"])).toEqual([]);
  });
});
