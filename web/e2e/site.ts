// A real server, real agents and a real browser for the tests of the pages. Everything lies in one short folder and is ended by its pid.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SLIPWAY = process.env.SLIPWAY_BINARY ?? join(ROOT, "build/release/slipway");
const PATIENCE_MS = 60_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

export async function waitUntil<Value>(what: string, condition: () => Promise<Value | null | false | undefined> | Value | null | false | undefined): Promise<Value> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

interface Launched {
  item: string;
  run: string;
  queue: string;
  entity: string;
  project: string;
}

export class Site {
  private readonly children: ChildProcess[] = [];
  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  get key() {
    return readFileSync(join(this.folder, "d/admin.key"), "utf8").trim();
  }

  static async start(): Promise<Site> {
    const site = new Site(mkdtempSync(join(tmpdir(), "slipway-web-")), await freePort());
    const server = site.spawn("server", ["server", "--data", join(site.folder, "d"), "--listen", `127.0.0.1:${site.port}`]);
    await waitUntil("the server to serve", async () => {
      if (server.exitCode !== null) throw new Error(`the server ended:\n${site.output("server")}`);
      return fetch(`${site.url}/healthz`).then((answer) => answer.ok, () => false);
    });
    return site;
  }

  async stop() {
    for (const child of this.children.reverse()) await this.end(child);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async end(child: ChildProcess) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  output(name: string): string {
    const path = join(this.folder, `${name}.log`);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  private environment(): NodeJS.ProcessEnv {
    const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(WANDB_|SLIPWAY_|XDG_)/.test(name)));
    const key = existsSync(join(this.folder, "d/admin.key")) ? { WANDB_API_KEY: this.key } : {};
    return { ...kept, ...key, HOME: this.folder, NO_COLOR: "1", WANDB_BASE_URL: this.url, SLIPWAY_STATE_DIR: join(this.folder, "a") };
  }

  private spawn(name: string, args: string[]): ChildProcess {
    const log = openSync(join(this.folder, `${name}.log`), "a");
    const child = spawn(SLIPWAY, args, { env: this.environment(), cwd: this.folder, stdio: ["ignore", log, log] });
    this.children.push(child);
    return child;
  }

  async startAgent(queue: string, jobs = 2): Promise<ChildProcess> {
    const agent = this.spawn(`agent-${queue}`, ["launch-agent", "-v", "-q", queue, "--max-jobs", String(jobs)]);
    await waitUntil("the agent to poll", () => {
      if (agent.exitCode !== null) throw new Error(`the agent ended:\n${this.output(`agent-${queue}`)}`);
      return this.output(`agent-${queue}`).includes("polls for items");
    });
    return agent;
  }

  cli(...args: string[]): string {
    return execFileSync(SLIPWAY, args, { env: this.environment(), cwd: this.folder, encoding: "utf8", timeout: PATIENCE_MS, stdio: ["ignore", "pipe", "pipe"] });
  }

  async graphql<Data>(query: string, variables: unknown = {}): Promise<Data> {
    const answer = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.key}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await answer.json()) as { data: Data; errors?: { message: string }[] };
    if (errors) throw new Error(errors[0]?.message);
    return data;
  }

  /** What an SDK would send of a run: lines of its metrics. */
  async logMetrics(run: { entity: string; project: string; run: string }, file: string, lines: object[], offset = 0) {
    const answer = await fetch(`${this.url}/files/${run.entity}/${run.project}/${run.run}/file_stream`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.key}` },
      body: JSON.stringify({ files: { [file]: { offset, content: lines.map((line) => JSON.stringify(line)) } } }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async queueId(name: string): Promise<string> {
    const { entity } = await this.graphql<{ entity: { runQueues: { id: string; name: string }[] } }>('{ entity(name: "default") { runQueues { id name } } }');
    const found = entity.runQueues.find((queue) => queue.name === name);
    if (!found) throw new Error(`there is no queue ${name}`);
    return found.id;
  }

  /** A folder with main.sh in it. */
  jobFolder(name: string, script: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "main.sh"), script);
    return folder;
  }

  launch(folder: string, queue: string, ...flags: string[]): Launched {
    return JSON.parse(this.cli("launch", "-u", folder, "-E", "sh main.sh", "-q", queue, "--json", ...flags)) as Launched;
  }
}
