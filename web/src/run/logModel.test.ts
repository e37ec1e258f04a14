import { describe, expect, it, vi } from "vitest";
import { LogModel, PAGE_LINES } from "./logModel";

const numbered = (from: number, count: number) => Array.from({ length: count }, (_, index) => `line ${from + index}`);

describe("a long log", () => {
  it("fetches only the pages in sight, once", async () => {
    const fetchLines = vi.fn(async (from: number, count: number) => numbered(from, count));
    const log = new LogModel(fetchLines);
    log.setTotal(1_000_000);
    log.want(499_990, 500_040);
    log.want(499_990, 500_040);
    await vi.waitFor(() => expect(log.line(500_010)).toBe("line 500010"));
    expect(fetchLines.mock.calls.map(([from]) => from)).toEqual([499_500, 500_000]);
    expect(log.line(0)).toBeUndefined();
  });

  it("appends what is followed and knows its end", () => {
    const log = new LogModel(async () => []);
    log.append(0, numbered(0, 3));
    log.append(3, ["last"]);
    log.finish({ complete: true, truncated: false });
    expect(log.total).toBe(4);
    expect(log.line(3)).toBe("last");
    expect(log.end?.complete).toBe(true);
  });

  it("completes a page of which only the end was followed", async () => {
    const log = new LogModel(async (from, count) => numbered(from, count));
    log.append(490, numbered(490, 10));
    log.want(0, 20);
    await vi.waitFor(() => expect(log.line(0)).toBe("line 0"));
    expect(log.line(495)).toBe("line 495");
  });

  it("keeps the memory bounded", () => {
    const log = new LogModel(async () => []);
    for (let from = 0; from < PAGE_LINES * 300; from += PAGE_LINES) log.append(from, numbered(from, PAGE_LINES));
    expect(log.line(0)).toBeUndefined();
    expect(log.line(PAGE_LINES * 300 - 1)).toBeDefined();
  });
});
