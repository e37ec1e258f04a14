// A log of any length in bounded memory: the end is followed, other pages are fetched when they come into sight and forgotten when many others did.
import { Changing } from "@/lib/changing";

export const PAGE_LINES = 500;
const MOST_PAGES = 200;

export interface LogEnd {
  complete: boolean;
  truncated: boolean;
}

export type FetchLines = (from: number, count: number, signal: AbortSignal) => Promise<string[]>;

export class LogModel extends Changing {
  private readonly pages = new Map<number, string[]>();
  private readonly wanted = new Set<number>();
  private readonly abort = new AbortController();
  total = 0;
  end: LogEnd | null = null;

  constructor(private readonly fetchLines: FetchLines) {
    super(50);
  }

  close() {
    this.abort.abort();
  }

  /** Lines that arrived on the stream, which has no gaps. */
  append(first: number, lines: string[]) {
    lines.forEach((line, index) => this.put(first + index, line));
    this.total = Math.max(this.total, first + lines.length);
    this.forgetFarFrom(Math.floor(this.total / PAGE_LINES));
    this.tell();
  }

  finish(end: LogEnd) {
    this.end = end;
    this.tell();
  }

  setTotal(total: number) {
    this.total = Math.max(this.total, total);
    this.tell();
  }

  /** undefined: not here (yet). */
  line(number: number): string | undefined {
    return this.pages.get(Math.floor(number / PAGE_LINES))?.[number % PAGE_LINES];
  }

  /** Fetches what is missing of [from, to). */
  want(from: number, to: number) {
    const last = Math.min(to, this.total);
    for (let page = Math.floor(from / PAGE_LINES); page * PAGE_LINES < last; page += 1) {
      if (!this.isWhole(page) && !this.wanted.has(page)) void this.fetchPage(page);
    }
  }

  private isWhole(page: number): boolean {
    const held = this.pages.get(page);
    if (!held) return false;
    const size = Math.min(PAGE_LINES, this.total - page * PAGE_LINES);
    for (let index = 0; index < size; index += 1) if (held[index] === undefined) return false;
    return true;
  }

  private async fetchPage(page: number) {
    this.wanted.add(page);
    try {
      const lines = await this.fetchLines(page * PAGE_LINES, PAGE_LINES, this.abort.signal);
      lines.forEach((line, index) => this.put(page * PAGE_LINES + index, line));
      this.forgetFarFrom(page);
      this.tell();
    } catch {
      // It is asked for again when it is next in sight.
    } finally {
      this.wanted.delete(page);
    }
  }

  private put(number: number, line: string) {
    const page = Math.floor(number / PAGE_LINES);
    let held = this.pages.get(page);
    if (!held) {
      held = [];
      this.pages.set(page, held);
    }
    held[number % PAGE_LINES] = line;
  }

  private forgetFarFrom(page: number) {
    if (this.pages.size <= MOST_PAGES) return;
    const farthest = [...this.pages.keys()].sort((a, b) => Math.abs(b - page) - Math.abs(a - page));
    for (const each of farthest.slice(0, this.pages.size - MOST_PAGES)) this.pages.delete(each);
  }
}
