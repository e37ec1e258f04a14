import { describe, expect, it } from "vitest";
import { pathAtKey } from "./complete";

/** "|" marks the word that is being written. */
function at(text: string, format: "json" | "yaml") {
  const from = text.indexOf("|");
  const to = text.lastIndexOf("|") - 1;
  return pathAtKey(text.replaceAll("|", ""), from, to, format);
}

describe("the place of a key that is being written", () => {
  it("is found in YAML", () => {
    expect(at("spec:\n  containers:\n    - name: a\n      |im|\n", "yaml")).toEqual(["spec", "containers", 0]);
    expect(at("|en|\n", "yaml")).toEqual([]);
  });

  it("is found in JSON", () => {
    expect(at('{"spec": {"a": 1, |"co"|}}', "json")).toEqual(["spec"]);
  });
});
