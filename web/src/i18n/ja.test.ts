import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatMessage } from "./format";
import ja from "./ja";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "generated" || entry.name === "i18n" ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.includes(".test.") ? [readFileSync(path, "utf8")] : [];
  });
}

const places = (text: string) => new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]));

describe("Japanese", () => {
  it.each(Object.entries(ja))("%s has its places", (english, japanese) => {
    const wanted = places(english);
    for (const place of places(japanese)) expect(wanted).toContain(place);
    for (const place of wanted) expect(places(japanese)).toContain(place);
  });

  it("has nothing that no page says", () => {
    const all = sources(SOURCES).join("\n");
    expect(Object.keys(ja).filter((message) => !all.includes(JSON.stringify(message)))).toEqual([]);
  });
});

describe("messages", () => {
  it("put values in and choose words by number", () => {
    expect(formatMessage("{count} {count|item|items} of {name}", { count: 1, name: "q" })).toBe("1 item of q");
    expect(formatMessage("{count} {count|item|items}", { count: 0 })).toBe("0 items");
    expect(formatMessage("{unknown} stays", {})).toBe("{unknown} stays");
  });
});
