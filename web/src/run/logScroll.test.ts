import { describe, expect, it } from "vitest";
import { ROW_HEIGHT, scrollFrame, scrollTopFor } from "./logScroll";

const VIEW = ROW_HEIGHT * 30;

describe("scrolling a log", () => {
  it("is exact for logs that a browser can lay out", () => {
    const frame = scrollFrame(1000, 10 * ROW_HEIGHT + 5, VIEW);
    expect(frame).toEqual({ height: 1000 * ROW_HEIGHT, firstLine: 10, top: 10 * ROW_HEIGHT });
  });

  it("reaches the first and the last line of a million", () => {
    expect(scrollFrame(1_000_000, 0, VIEW).firstLine).toBe(0);
    const { height } = scrollFrame(1_000_000, 0, VIEW);
    const end = scrollFrame(1_000_000, height - VIEW, VIEW);
    expect(end.firstLine).toBe(1_000_000 - 30);
  });

  it.each([200, 5_000, 1_000_000])("brings a line of %i into view", (total) => {
    const line = Math.floor(total * 0.7);
    const { firstLine } = scrollFrame(total, scrollTopFor(line, total, VIEW), VIEW);
    expect(firstLine).toBeLessThanOrEqual(line);
    expect(firstLine + 30).toBeGreaterThan(line);
  });

  it("stays at the top of a short log", () => {
    expect(scrollFrame(3, 500, VIEW)).toEqual({ height: 3 * ROW_HEIGHT, firstLine: 0, top: 0 });
  });
});
