import { describe, expect, it } from "vitest";
import { checkTile, checkValue, emptyTile, findPlaceholders, parseConfiguration, rangeText, templateVariables, tileFromVariable, type Tile } from "./template";

const integer = (changes: Partial<Tile>): Tile => ({ ...emptyTile("gpus"), type: "integer", ...changes });

describe("template tiles", () => {
  const config = { ResourceConfig: { InstanceType: "{{aws_instance}}", "{{not-a-key}}": 1 }, args: ["--gpus", "{{gpus}}"], again: "x {{gpus}} y" };

  it("finds one name a placeholder, in values only", () => {
    expect(findPlaceholders(config)).toEqual(["aws_instance", "gpus"]);
  });

  it("makes tiles, keeps filled ones and drops those without placeholder", () => {
    const tiles = parseConfiguration(config, [integer({ maximumText: "8" }), emptyTile("gone")]);
    expect(tiles.map((tile) => [tile.name, tile.maximumText])).toEqual([["aws_instance", ""], ["gpus", "8"]]);
  });

  it("asks for a type first", () => {
    expect(checkTile(emptyTile("x"))).toEqual({ type: "Choose a type." });
  });

  it("checks numbers and ranges beside their fields", () => {
    expect(checkTile(integer({ minimumText: "4", maximumText: "2" }))).toHaveProperty("maximumText");
    expect(checkTile(integer({ minimumText: "1", defaultText: "0" }))).toHaveProperty("defaultText");
    expect(checkTile(integer({ defaultText: "1.5" }))).toHaveProperty("defaultText");
    expect(checkTile(integer({ minimumText: "1", maximumText: "8", defaultText: "2" }))).toEqual({});
  });

  it("sends numbers as numbers and keeps unknown keywords", () => {
    const tile = tileFromVariable({ name: "gpus", description: "how many", schema: '{"type":"integer","default":1,"minimum":0,"x-unit":"GPU"}' });
    expect(templateVariables([{ ...tile, maximumText: "8" }])).toEqual({
      gpus: { schema: { type: "integer", default: 1, minimum: 0, maximum: 8, "x-unit": "GPU" }, description: "how many" },
    });
  });

  it("has a list of permitted values for strings", () => {
    const tile: Tile = { ...emptyTile("aws_instance"), type: "string", choicesText: "ml.m4.xlarge\nml.p3.xlarge\n" };
    expect(templateVariables([tile])).toEqual({ aws_instance: { schema: { type: "string", enum: ["ml.m4.xlarge", "ml.p3.xlarge"] } } });
    expect(checkValue(tile, "ml.t2.nano")).toMatch(/permitted/);
    expect(checkValue(tile, "ml.p3.xlarge")).toBeNull();
  });

  it("refuses values outside of the range that it shows", () => {
    const tile = integer({ minimumText: "1", maximumText: "8" });
    expect(rangeText(tile)).toBe("1 – 8");
    expect(checkValue(tile, "9")).toMatch(/above/);
    expect(checkValue(tile, "0")).toMatch(/below/);
    expect(checkValue(tile, "")).toMatch(/needed/);
    expect(checkValue(integer({ defaultText: "2" }), "")).toBeNull();
  });
});
