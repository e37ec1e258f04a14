// Where the lines of a run's output come from: pieces of JSON lines ({"attempt", "first", "lines"}), read page by page or followed to the end.
import { RunLogSizeDocument } from "@/generated/graphql";
import { execute } from "@/api/client";
import { errorFromAnswer } from "@/api/errors";

export interface RunName {
  entityName: string;
  projectName: string;
  name: string;
}

export interface LogFrame {
  attempt: number;
  first?: number;
  lines?: string[];
  heartbeat?: boolean;
  end?: boolean;
  complete?: boolean;
  truncated?: boolean;
}

export function logAddress(run: RunName): string {
  return `/api/runs/${[run.entityName, run.projectName, run.name].map(encodeURIComponent).join("/")}/logs`;
}

export function logDownload(run: RunName, attempt: number | null): string {
  return `${logAddress(run)}?download=1&format=text${attempt === null ? "" : `&attempt=${attempt}`}`;
}

export interface LogRequest {
  from: number;
  follow?: boolean;
  attempt?: number | null;
  /** At most so many lines. */
  count?: number;
  /** Another stream of the run than its output. */
  file?: string;
}

/** The frames of the answer as they come. Ends with the answer. */
export async function* readFrames(run: RunName, { from, follow = false, attempt = null, file, count }: LogRequest, signal: AbortSignal): AsyncGenerator<LogFrame> {
  const query = new URLSearchParams({ format: "ndjson", from: String(from) });
  if (follow) query.set("follow", "1");
  if (count !== undefined) query.set("first", String(count));
  if (file) query.set("file", file);
  if (attempt !== null) query.set("attempt", String(attempt));
  const response = await fetch(`${logAddress(run)}?${query}`, { signal });
  if (!response.ok || !response.body) throw errorFromAnswer(response.status, await response.json().catch(() => undefined));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line) yield JSON.parse(line) as LogFrame;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** `count` lines from a place on; fewer at the end. */
export async function readLines(run: RunName, from: number, count: number, attempt: number | null, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = [];
  for await (const frame of readFrames(run, { from, attempt, count }, signal)) {
    if (frame.lines) lines.push(...frame.lines);
    if (lines.length >= count || frame.end) break;
  }
  return lines.slice(0, count);
}

export async function countLines(run: RunName, attempt: number | null, signal?: AbortSignal): Promise<number> {
  const answer = await execute(RunLogSizeDocument, { entity: run.entityName, project: run.projectName, run: run.name, attempt }, signal);
  const found = answer.project?.run;
  return found?.launchLogLineCount || found?.logLineCount || 0;
}

export async function readTail(run: RunName, count: number, signal: AbortSignal): Promise<string[]> {
  const total = await countLines(run, null, signal);
  return total === 0 ? [] : readLines(run, Math.max(0, total - count), count, null, signal);
}
