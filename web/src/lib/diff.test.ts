import { describe, expect, it } from "vitest";
import { changedLines, changedMembers, diffLines, nearChanges } from "./diff";

const signs = { same: " ", added: "+", removed: "-" };
const show = (lines: ReturnType<typeof diffLines>) => lines.map((line) => signs[line.kind] + line.text).join("|");

describe("the difference of two documents", () => {
  it("keeps what is the same", () => {
    expect(show(diffLines(["a", "b", "c"], ["a", "x", "c"]))).toBe(" a|-b|+x| c");
  });

  it("shows what was added and removed at the ends", () => {
    expect(show(diffLines([], ["a"]))).toBe("+a");
    expect(show(diffLines(["a", "b"], ["b"]))).toBe("-a| b");
  });

  it("writes values as documents", () => {
    expect(show(changedLines({ gpus: 1 }, { gpus: 2 }))).toBe(' {|-  "gpus": 1|+  "gpus": 2| }');
  });

  it("leaves out what is far from a change", () => {
    const before = Array.from({ length: 12 }, (_, index) => `${index}`);
    const after = before.map((line) => (line === "6" ? "six" : line));
    expect(show(nearChanges(diffLines(before, after), 1))).toBe(" …| 5|-6|+six| 7| …");
  });

  it("names the members that differ", () => {
    expect(changedMembers({ config: { a: 1 }, state: "ACTIVE", links: null }, { config: { a: 2 }, state: "ACTIVE", policy: {} })).toEqual(["config", "links", "policy"]);
  });
});
