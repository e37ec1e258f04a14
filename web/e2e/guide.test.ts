// The guide's steps in a browser, one after the other, against a real server and a real agent.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, screenshot, signIn, visit, type Visit } from "./browser";
import { Site, waitUntil } from "./site";

let site: Site;
let browser: Browser;
let there: Visit;
let page: Page;

beforeAll(async () => {
  site = await Site.start();
  browser = await launchBrowser();
  there = await visit(browser, site);
  page = there.page;
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const editor = () => page.getByRole("textbox", { name: "Configuration" });

async function writeConfig(text: string) {
  await editor().click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

const tile = (name: string) => page.getByRole("group", { name });

describe("the guide in a browser", () => {
  it("refuses a wrong key beside the field and takes the right one", async () => {
    await page.goto("/launch");
    await page.getByLabel("API key").fill("nonsense");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").filter({ hasText: "no API key" }).waitFor();
    await signIn(page, site);
    await page.getByText("There is no queue yet.").first().waitFor();
    await page.getByText("slipway queue create my-queue").first().waitFor();
    await screenshot(page, "guide/1-launch-empty");
  });

  it("shows what a queue is missing, beside the fields", async () => {
    await page.getByRole("link", { name: "Create queue" }).click();
    await page.getByLabel("Resource").selectOption({ label: "Amazon SageMaker" });
    await editor().filter({ hasText: "RoleArn" }).waitFor();
    await page.getByText("This value is required").first().waitFor();
    await page.getByRole("button", { name: "Create queue" }).click();
    await page.getByRole("alert").filter({ hasText: "The queue needs a name." }).waitFor();
    await page.getByRole("alert").filter({ hasText: "Mend what is marked above first." }).waitFor();
    expect(page.url()).toContain("/launch/create");
    await screenshot(page, "guide/2-required");
  });

  it("switches between YAML and JSON without losing anything", async () => {
    await page.getByLabel("Resource").selectOption({ label: "Local process" });
    await writeConfig("# who pays\nenv: GREETING=hi # a comment\n");
    await page.getByRole("button", { name: "JSON" }).click();
    await editor().filter({ hasText: '"env": "GREETING=hi"' }).waitFor();
    await page.getByRole("button", { name: "YAML" }).click();
    await editor().filter({ hasText: "# who pays" }).filter({ hasText: "# a comment" }).waitFor();
  });

  it("marks what the resource does not know, while one types", async () => {
    await writeConfig("environment: GREETING=hi\n");
    await page.getByText("The key “environment” is not known here.").first().waitFor();
  });

  it("makes one tile a placeholder and refuses ranges that cannot be", async () => {
    await page.getByLabel("Queue", { exact: true }).fill("guide");
    await page.getByLabel("Prioritization").selectOption("on");
    await writeConfig('env:\n- "GREETING={{greeting}}"\n- "STEPS={{num-steps}}"\n');
    await page.getByRole("button", { name: "Parse configuration" }).click();
    await tile("greeting").getByLabel("Type").selectOption("string");
    await tile("greeting").getByLabel("Permitted values").fill("hello\ngood morning");
    await tile("num-steps").getByLabel("Type").selectOption("integer");
    await tile("num-steps").getByLabel("Minimum").fill("3");
    await tile("num-steps").getByLabel("Maximum").fill("1");
    await tile("num-steps").getByText("The maximum is below the minimum.").waitFor();
    await page.getByRole("button", { name: "Create queue" }).click();
    expect(page.url()).toContain("/launch/create");
    await tile("num-steps").getByLabel("Minimum").fill("1");
    await tile("num-steps").getByLabel("Maximum").fill("5");
    await tile("num-steps").getByLabel("Default").fill("2");
    await screenshot(page, "guide/3-tiles", true);
    await page.getByRole("button", { name: "Create queue" }).click();
    await page.waitForURL("**/default/queues/guide/agents");
  });

  it("says that no agent polls, gives the command, and sees one come", async () => {
    await page.getByText("Not active: no agent polls this queue").waitFor();
    await page.getByRole("status").filter({ hasText: "Not active" }).getByRole("button", { name: "Add an agent" }).click();
    await page.getByRole("dialog").getByText("slipway launch-agent -q guide -e default").waitFor();
    await screenshot(page, "guide/4-add-agent");
    await page.keyboard.press("Escape");
    await site.startAgent("guide");
    await page.getByText("Polling").waitFor();
    await page.getByText("Not active").waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "guide" }).locator("..").getByText("Active").waitFor();
  });

  it("changes the configuration and shows the difference", async () => {
    await page.getByRole("link", { name: "Config", exact: true }).click();
    await editor().filter({ hasText: "GREETING={{greeting}}" }).waitFor();
    expect(await tile("num-steps").getByLabel("Maximum").inputValue()).toBe("5");
    await writeConfig('env:\n- "GREETING={{greeting}}"\n- "STEPS={{num-steps}}"\n- MODE=web\n');
    await page.getByRole("button", { name: "Parse configuration" }).click();
    await page.getByRole("button", { name: "Save config" }).click();
    await page.getByText("The configuration is saved.").waitFor();
    await page.locator(".changes summary").filter({ hasText: "config" }).first().click();
    await page.locator(".diff").getByText("MODE=web").waitFor();
    await screenshot(page, "guide/5-config", true);
  });

  it("launches a job with template values, refusing one outside of its range", async () => {
    const folder = site.jobFolder("steps", 'i=1\nwhile [ $i -le "$STEPS" ]; do echo "$GREETING $i"; i=$((i+1)); done\n');
    site.cli("job", "create", "code", folder, "-E", "sh main.sh", "-n", "steps", "-p", "web");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Jobs" }).click();
    await page.getByRole("button", { name: "Launch steps" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByLabel("num-steps").fill("9");
    await drawer.getByText("This is above the maximum. Allowed: 1 – 5").waitFor();
    await drawer.getByRole("button", { name: "Launch now" }).click();
    await drawer.getByRole("alert").filter({ hasText: "A value is needed." }).waitFor();
    await screenshot(page, "guide/6-refused");
    await drawer.getByLabel("num-steps").fill("3");
    await drawer.getByLabel("greeting").selectOption("good morning");
    await drawer.getByLabel("Job Priority").selectOption({ label: "High" });
    await drawer.getByRole("button", { name: "Show what will run" }).click();
    await drawer.getByRole("region", { name: "What will run" }).first().getByText("GREETING=good morning").waitFor();
    await screenshot(page, "guide/7-launch");
    await drawer.getByRole("button", { name: "Launch now" }).click();
    await page.waitForURL("**/default/web/runs/*");
  });

  it("follows the run to its end", async () => {
    await page.getByRole("log").getByText("good morning 3").waitFor();
    await page.locator(".page-head").getByText("Finished").waitFor();
    await page.getByText("following").waitFor({ state: "detached" });
    await page.getByRole("list").filter({ hasText: "pushed" }).getByText("Finished").waitFor();
    await screenshot(page, "guide/8-run");
    await page.getByRole("link", { name: "Request" }).click();
    await page.getByRole("region", { name: "As submitted" }).last().getByText("good morning").first().waitFor();
  });

  it("pastes the overrides of an earlier run", async () => {
    site.cli("launch", "-j", "default/web/steps:latest", "-q", "guide", "-p", "web", "--set-var", "greeting=hello", "-E", "sh main.sh again");
    await page.goto("/default/web/jobs/steps");
    await page.getByText("Code", { exact: true }).waitFor();
    await screenshot(page, "guide/9-job");
    await page.getByRole("table").filter({ hasText: "Job version" }).getByText("Finished").first().waitFor();
    await page.getByRole("button", { name: "Launch", exact: true }).click();
    const paste = page.getByRole("dialog").getByLabel("Paste from an earlier run");
    await paste.selectOption({ index: 1 });
    expect(await page.getByRole("dialog").getByLabel("Entry point").inputValue()).toBe("sh main.sh again");
    await page.keyboard.press("Escape");
  });

  it("draws metrics while a run trains, and stops it", async () => {
    const folder = site.jobFolder("long", "echo started; sleep 600\n");
    const run = site.launch(folder, "guide", "--set-var", "greeting=hello", "-p", "web");
    await page.goto(`/default/web/runs/${run.run}`);
    await page.getByRole("log").getByText("started").waitFor();
    await page.getByRole("link", { name: "Metrics" }).click();
    await page.getByText("The job has logged no metrics yet.").waitFor();
    const steps = (from: number) => Array.from({ length: 50 }, (_, index) => ({ _step: from + index, loss: 2 / (1 + from + index) }));
    await site.logMetrics(run, "wandb-history.jsonl", steps(0));
    await page.getByRole("img", { name: "loss: 0.04" }).locator("canvas").waitFor();
    await site.logMetrics(run, "wandb-history.jsonl", steps(50), 50);
    await page.getByRole("img", { name: "loss: 0.02" }).waitFor();
    await site.logMetrics(run, "wandb-events.jsonl", [1, 2, 3].map((second) => ({ _runtime: second, "system.cpu": 40 + second })));
    await page.getByRole("heading", { name: "System metrics" }).waitFor();
    await screenshot(page, "guide/11-metrics");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator(".page-head").getByText("Stopped").waitFor();
  });

  it("explains a failure in place, with the end of the output", async () => {
    const folder = site.jobFolder("broken", "echo 'the data is missing' >&2; exit 3\n");
    await page.goto("/default/queues/guide");
    await page.getByRole("table", { name: "Items" }).waitFor();
    const run = site.launch(folder, "guide", "--set-var", "greeting=hello", "-p", "web");
    const row = page.getByRole("row").filter({ hasText: run.run });
    await row.getByText("Failed").waitFor();
    await row.getByRole("button", { name: `What went wrong with ${run.run}` }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("exit code 3").first().waitFor();
    await drawer.getByText("the data is missing").first().waitFor();
    await screenshot(page, "guide/10-failure");
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
  });

  it("pauses the queue, shows why an item waits, and changes several at once by keyboard", async () => {
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).waitFor();
    const folder = site.jobFolder("waits", "true\n");
    const first = site.launch(folder, "guide", "--set-var", "greeting=hello", "-p", "web");
    const second = site.launch(folder, "guide", "--set-var", "greeting=hello", "-p", "web");
    const row = (run: string) => page.getByRole("row").filter({ hasText: run });
    await row(first.run).getByText(/paused/i).waitFor();
    await row(second.run).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Set priority" }).click();
    await page.getByRole("menuitem", { name: "Critical" }).click();
    await row(first.run).getByText("Critical").waitFor();
    await row(first.run).getByRole("checkbox").check();
    await row(second.run).getByRole("checkbox").check();
    await page.getByRole("region", { name: "Selected items" }).getByRole("button", { name: "Stop" }).click();
    await row(first.run).getByText("Stopped").waitFor();
    await row(second.run).getByText("Stopped").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("links to every view and filter", async () => {
    await page.getByRole("button", { name: "Failed" }).click();
    await waitUntil("the filter to be in the address", () => page.url().includes("state=failed"));
    await page.reload();
    await page.getByRole("row").filter({ hasText: "exit code 3" }).or(page.getByRole("row").filter({ hasText: "Failed" })).first().waitFor();
    expect(await page.getByRole("row").filter({ hasText: "Stopped" }).count()).toBe(0);
    await page.goto(`/default/launch/${await site.queueId("guide")}`);
    await page.waitForURL("**/default/queues/guide");
  });

  it("drains an agent from the page", async () => {
    await page.goto("/default/queues/guide/agents");
    await page.getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: /^Drain/ }).click();
    await page.getByText("Not active").waitFor();
  });

  it("makes a key, shows it once and revokes it", async () => {
    await page.goto("/settings");
    await page.getByLabel("What the new key is for").fill("a script");
    await page.getByRole("button", { name: "Create a key" }).click();
    await page.getByText("Copy the new key now").waitFor();
    const key = await page.locator(".new-key").innerText();
    expect(key.length).toBeGreaterThan(30);
    await page.reload();
    await page.getByRole("row").filter({ hasText: "a script" }).getByRole("button", { name: "Revoke" }).click();
    expect(await page.content()).not.toContain(key);
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("The key is revoked.").waitFor();
    await page.getByRole("row").filter({ hasText: "a script" }).waitFor({ state: "detached" });
  });

  it("signs out", async () => {
    await page.getByRole("complementary").getByRole("button", { name: /account and appearance/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    await page.goto("/default/queues/guide");
    await page.getByLabel("API key").waitFor();
  });

  it("broke its own security policy nowhere", () => {
    expect(there.complaints).toEqual([]);
  });
});
