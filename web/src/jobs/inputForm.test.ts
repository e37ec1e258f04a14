import { describe, expect, it } from "vitest";
import { inputFields, readInput, valueAt, withValue } from "./inputForm";

const SCHEMA = {
  type: "object",
  properties: {
    lr: { type: "number", title: "Learning rate", exclusiveMinimum: 0, maximum: 1, default: 0.1 },
    optimizer: { type: "string", enum: ["adam", "sgd"] },
    trainer: { type: "object", properties: { epochs: { type: "integer", minimum: 1 }, token: { type: "string", format: "secret" } } },
    tags: { type: "array", items: { type: "string", enum: ["a", "b"] } },
  },
};

describe("a job's inputs", () => {
  const fields = inputFields(SCHEMA);

  it("are fields in the order of the schema, nested ones by their path", () => {
    expect(fields.map((field) => [field.path.join("."), field.kind])).toEqual([
      ["lr", "number"],
      ["optimizer", "choice"],
      ["trainer.epochs", "integer"],
      ["trainer.token", "text"],
      ["tags", "choices"],
    ]);
    expect(fields[0]).toMatchObject({ label: "Learning rate", hint: "> 0, ≤ 1", preset: 0.1 });
    expect(fields[3]?.secret).toBe(true);
  });

  it("become values of their type", () => {
    expect(readInput(fields[0]!, "0.5")).toBe(0.5);
    expect(readInput(fields[0]!, "")).toBeUndefined();
    expect(readInput(fields[1]!, "sgd")).toBe("sgd");
  });

  it("change the configuration in place and leave nothing empty behind", () => {
    const config = withValue({ seed: 1 }, ["trainer", "epochs"], 3);
    expect(config).toEqual({ seed: 1, trainer: { epochs: 3 } });
    expect(valueAt(config, ["trainer", "epochs"])).toBe(3);
    expect(withValue(config, ["trainer", "epochs"], undefined)).toEqual({ seed: 1 });
  });
});
