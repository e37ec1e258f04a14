// Finding a text in a whole log: it is read through once, only the numbers of the lines are kept.
import { stripAnsi } from "./ansi";
import { readFrames, type RunName } from "./logSource";

const MOST_HITS = 10_000;

export interface SearchState {
  hits: number[];
  done: boolean;
}

export async function searchLog(run: RunName, attempt: number | null, text: string, signal: AbortSignal, report: (state: SearchState) => void) {
  const wanted = text.toLowerCase();
  const hits: number[] = [];
  for await (const frame of readFrames(run, { from: 0, attempt }, signal)) {
    const before = hits.length;
    frame.lines?.forEach((line, index) => {
      if (hits.length < MOST_HITS && stripAnsi(line).toLowerCase().includes(wanted)) hits.push((frame.first ?? 0) + index);
    });
    if (hits.length > before) report({ hits: [...hits], done: false });
    if (hits.length >= MOST_HITS) break;
  }
  report({ hits: [...hits], done: true });
}
