import { describe, expect, it } from "vitest";
import { fieldsOfSpec, joinWords, overridesOf, splitWords } from "./launchSpec";

describe("words of a command line", () => {
  it.each([
    ["python train.py", ["python", "train.py"]],
    ['--name "a b" \'c "d"\' e\\ f', ["--name", "a b", 'c "d"', "e f"]],
    ["  ", []],
    ["''", [""]],
  ])("splits %s", (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it("refuses an unclosed quote", () => {
    expect(splitWords("echo 'x")).toBeNull();
  });

  it("joins so that splitting gives the same words", () => {
    const words = ["--name", "it's here", 'a"b', "", "x=1"];
    expect(splitWords(joinWords(words))).toEqual(words);
  });
});

describe("overrides of a launch", () => {
  it("has only what was filled in", () => {
    expect(overridesOf({ entryPoint: "", args: "", runConfig: {} })).toEqual({});
    expect(overridesOf({ entryPoint: "python t.py", args: "--lr 0.1", runConfig: { seed: 1 } })).toEqual({ entry_point: ["python", "t.py"], args: ["--lr", "0.1"], run_config: { seed: 1 } });
  });

  it("comes back from an earlier run", () => {
    const fields = { entryPoint: "python t.py", args: "'a b'", runConfig: { seed: 1 } };
    expect(fieldsOfSpec({ overrides: overridesOf(fields) })).toEqual(fields);
    expect(fieldsOfSpec(null)).toEqual({ entryPoint: "", args: "", runConfig: {} });
  });
});
