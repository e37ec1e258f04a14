// Every page: accessible in light and dark, on desktop and phone; small enough; smooth with much in it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems, COLOURS, launchBrowser, screenshot, signIn, visit } from "./browser";
import { Site } from "./site";

const FIRST_LOAD_BYTES = 250_000;
const LINES = 100_000;
const MANY_ITEMS = 1_500;

let site: Site;
let browser: Browser;
let finished: string;
let queueId: string;

beforeAll(async () => {
  site = await Site.start();
  browser = await launchBrowser();
  site.cli("queue", "create", "gpus", "--resource", "local-process");
  site.cli("queue", "create", "many", "--resource", "local-process");
  await site.startAgent("gpus");
  const folder = site.jobFolder("counts", `printf '\\033[1;32mready\\033[0m\\n'; seq 1 ${LINES}; echo the end\n`);
  site.cli("job", "create", "code", folder, "-E", "sh main.sh", "-n", "counts", "-p", "demo");
  finished = site.launch(folder, "gpus", "-p", "demo").run;
  queueId = await site.queueId("many");
  const spec = JSON.stringify({ job: "default/demo/counts:latest", project: "many" });
  const push = Array.from({ length: 50 }, (_, index) => `p${index}: pushToRunQueue(input: {queueID: $id, runSpec: $spec}) { runQueueItemId }`).join("\n");
  for (let pushed = 0; pushed < MANY_ITEMS; pushed += 50) await site.graphql(`mutation($id: ID!, $spec: JSONString!) { ${push} }`, { id: queueId, spec });
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const looks = [
  { name: "desktop", phone: false },
  { name: "phone", phone: true },
];

describe("every page", () => {
  it.each(looks)("is accessible in light and dark: $name", async (look) => {
    const { page, context, complaints } = await visit(browser, site, look);
    await page.goto("/launch");
    await page.getByLabel("API key").waitFor();
    const problems: string[] = [];
    const check = async (name: string) => {
      for (const problem of await accessibilityProblems(page)) problems.push(`${name}: ${problem}`);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (tooWide > 0) problems.push(`${name}: wider than the screen by ${tooWide} pixels`);
      await screenshot(page, `pages/${name}-${look.name}`);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.locator('[data-theme="dark"]').waitFor();
      for (const problem of await accessibilityProblems(page, COLOURS)) problems.push(`${name}, dark: ${problem}`);
      await screenshot(page, `pages/${name}-${look.name}-dark`);
      await page.emulateMedia({ colorScheme: "light" });
      await page.locator('[data-theme="light"]').waitFor();
    };
    await check("sign-in");
    await signIn(page, site);
    const pages: [string, string, () => Promise<unknown>][] = [
      ["launch", "/launch", () => page.getByRole("link", { name: "gpus", exact: true }).waitFor()],
      ["create-queue", "/launch/create", () => page.getByRole("textbox", { name: "Configuration" }).waitFor()],
      ["queue", "/default/queues/many", () => page.getByRole("row").nth(5).waitFor()],
      ["agents", "/default/queues/gpus/agents", () => page.getByText(/Polling|Running/).first().waitFor()],
      ["monitor", "/default/queues/gpus/monitor", () => page.getByRole("img", { name: "Queued time" }).waitFor()],
      ["config", "/default/queues/gpus/config", () => page.getByRole("textbox", { name: "Configuration" }).waitFor()],
      ["run", `/default/demo/runs/${finished}`, () => page.getByRole("log").getByText("the end").waitFor()],
      ["run-metrics", `/default/demo/runs/${finished}/metrics`, () => page.getByText("The job has logged no metrics yet.").waitFor()],
      ["run-config", `/default/demo/runs/${finished}/config`, () => page.getByRole("heading", { name: "Summary" }).waitFor()],
      ["run-files", `/default/demo/runs/${finished}/files`, () => page.getByRole("heading", { name: "Files" }).waitFor()],
      ["run-request", `/default/demo/runs/${finished}/request`, () => page.getByRole("heading", { name: "As submitted" }).waitFor()],
      ["jobs", "/jobs", () => page.getByRole("link", { name: "counts", exact: true }).waitFor()],
      ["job", "/default/demo/jobs/counts", () => page.getByRole("heading", { name: "Versions" }).waitFor()],
      ["projects", "/projects", () => page.getByRole("link", { name: "demo", exact: true }).waitFor()],
      ["project", "/default/demo", () => page.getByRole("link", { name: finished }).waitFor()],
      ["settings", "/settings", () => page.getByRole("heading", { name: "API keys" }).waitFor()],
      ["audit", "/settings/audit", () => page.getByRole("row").filter({ hasText: "queue" }).first().waitFor()],
      ["teams", "/settings/teams", () => page.getByRole("heading", { name: "New team" }).waitFor()],
    ];
    for (const [name, address, ready] of pages) {
      await page.goto(address);
      await ready();
      await check(name);
    }
    await page.goto("/jobs");
    await page.getByRole("button", { name: "Launch counts" }).click();
    await page.getByRole("button", { name: "Launch now" }).waitFor();
    await check("launch-drawer");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.getByRole("option").first().waitFor();
    await check("palette");
    expect(problems).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("loads little at first", async () => {
    const { page, context } = await visit(browser, site);
    await signIn(page, site);
    await page.getByRole("link", { name: "gpus", exact: true }).waitFor();
    const scripts = await page.evaluate(() =>
      (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter((each) => each.name.endsWith(".js")).map((each) => each.encodedBodySize),
    );
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_BYTES);
    await context.close();
  });

  it("goes anywhere from the command palette", async () => {
    const { page, context } = await visit(browser, site);
    await signIn(page, site);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search and commands" }).fill("many");
    await page.getByRole("option", { name: /many/ }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/default/queues/many");
    await page.getByText(`${MANY_ITEMS} items`).waitFor();
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
    await page.keyboard.type("no-such-run");
    await page.getByText("No item matches.").waitFor();
    await page.getByText("0 items").waitFor();
    await page.getByRole("searchbox").fill("counts");
    await page.getByText(`${MANY_ITEMS} items`).waitFor();
    await context.close();
  });

  it("speaks Japanese", async () => {
    const { page, context } = await visit(browser, site, { language: "ja-JP" });
    await page.goto("/launch");
    await page.getByLabel("API キー").fill(site.key);
    await page.getByRole("button", { name: "サインイン" }).click();
    await page.getByRole("link", { name: "キューを作成" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("ja");
    await screenshot(page, "pages/launch-ja");
    await page.getByRole("complementary").getByRole("button", { name: /アカウント/ }).click();
    await page.getByRole("menuitem", { name: "English" }).click();
    await page.getByRole("link", { name: "Create queue" }).waitFor();
    await context.close();
  });

  it("shows a long log piece by piece and finds text in all of it", async () => {
    const { page, context } = await visit(browser, site);
    await signIn(page, site, `/default/demo/runs/${finished}`);
    const log = page.getByRole("log");
    await log.getByText("the end").waitFor();
    expect(await page.locator(".log-row").count()).toBeLessThan(120);
    await log.evaluate((element) => (element.scrollTop = 0));
    await log.getByText("ready").waitFor();
    expect(await log.getByText("ready").evaluate((element) => getComputedStyle(element).fontWeight)).toBe("700");
    await page.getByLabel("Find in the output").fill("54321");
    await page.getByText("1 / 1", { exact: true }).waitFor();
    await log.locator("mark").waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download" }).click()]);
    expect(download.suggestedFilename()).toMatch(/log|txt/);
    await context.close();
  });

  it("scrolls through a long queue with few rows in the document", async () => {
    const { page, context } = await visit(browser, site);
    await signIn(page, site, "/default/queues/many?order=queue");
    await page.getByRole("row").nth(5).waitFor();
    const seen = async () => Number(await page.getByRole("table", { name: "Items" }).getAttribute("aria-rowcount"));
    while ((await seen()) <= MANY_ITEMS) {
      const before = await seen();
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await page.waitForFunction((count) => Number(document.querySelector('[role="table"]')?.getAttribute("aria-rowcount")) > count, before);
      expect(await page.getByRole("row").count()).toBeLessThan(80);
    }
    expect(await seen()).toBe(MANY_ITEMS + 1);
    await context.close();
  });

  it("shows a change within a second without reload", async () => {
    const { page, context } = await visit(browser, site);
    await signIn(page, site);
    const row = page.getByRole("row").filter({ hasText: "many" });
    await row.getByText(String(MANY_ITEMS)).waitFor();
    await site.graphql("mutation($id: ID!, $spec: JSONString!) { pushToRunQueue(input: {queueID: $id, runSpec: $spec}) { runQueueItemId } }", { id: queueId, spec: JSON.stringify({ job: "default/demo/counts:latest", project: "many" }) });
    await row.getByText(String(MANY_ITEMS + 1)).waitFor();
    await context.close();
  });
});
