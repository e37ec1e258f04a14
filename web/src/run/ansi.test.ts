import { describe, expect, it } from "vitest";
import { parseAnsi, stripAnsi, visiblePart } from "./ansi";

const ESC = "\u001b";

describe("terminal output", () => {
  it("gives plain text as one piece", () => {
    expect(parseAnsi("epoch 1")).toEqual([{ text: "epoch 1", style: {} }]);
  });

  it("colours what stands between sequences and resets", () => {
    const pieces = parseAnsi(`${ESC}[1;31merror${ESC}[0m: bad`);
    expect(pieces).toEqual([
      { text: "error", style: { bold: true, fg: "var(--ansi-1)" } },
      { text: ": bad", style: {} },
    ]);
  });

  it("knows bright, 256 and true colours", () => {
    expect(parseAnsi(`${ESC}[92mx`)[0]?.style.fg).toBe("var(--ansi-10)");
    expect(parseAnsi(`${ESC}[38;5;196mx`)[0]?.style.fg).toBe("rgb(255 0 0)");
    expect(parseAnsi(`${ESC}[48;2;1;2;3;4mx`)[0]?.style).toEqual({ bg: "rgb(1 2 3)", underline: true });
  });

  it("drops other sequences and control characters", () => {
    expect(stripAnsi(`${ESC}[2K${ESC}]0;title\u0007ok\u0000!${ESC}[1A`)).toBe("ok!");
  });

  it("shows the last state of a progress bar", () => {
    expect(visiblePart("10%\r50%\r100%")).toBe("100%");
    expect(visiblePart("done\r")).toBe("done");
  });
});
