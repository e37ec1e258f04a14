import { describe, expect, it } from "vitest";
import { rank } from "./rank";

describe("searching commands", () => {
  const names = ["Settings", "gpu-queue default", "Sign out", "big-gpus team"];
  const found = (search: string) => rank(names, search, (name) => name);

  it("puts beginnings first, then beginnings of words, then letters in order", () => {
    expect(found("gpu")).toEqual(["gpu-queue default", "big-gpus team"]);
    expect(found("sgt")).toEqual(["Sign out"]);
  });

  it("shows everything for no search and nothing for what is not there", () => {
    expect(found(" ")).toEqual(names);
    expect(found("zzz")).toEqual([]);
  });
});
