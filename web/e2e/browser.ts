import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import type { Site } from "./site";

const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const DESKTOP = { width: 1360, height: 860 };
export const PHONE = { width: 390, height: 844 };
const SHOTS = process.env.SLIPWAY_SCREENSHOTS ?? join(fileURLToPath(new URL(".", import.meta.url)), "../../build/web/screenshots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.SLIPWAY_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What the console complained about: a page that breaks its own policy says so there. */
  complaints: string[];
}

export async function visit(browser: Browser, site: Site, options: { phone?: boolean; dark?: boolean; language?: string } = {}): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: site.url,
    viewport: options.phone ? PHONE : DESKTOP,
    hasTouch: options.phone,
    colorScheme: options.dark ? "dark" : "light",
    locale: options.language ?? "en-US",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // The first question for a session is answered with 401: that is how the page knows.
    if (message.type() === "error" && !message.text().includes("401")) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, context, complaints };
}

export async function signIn(page: Page, site: Site, to = "/launch") {
  await page.goto(to);
  await page.getByLabel("API key").fill(site.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: /Main|メイン/ }).waitFor();
}

export async function screenshot(page: Page, name: string, fullPage = false) {
  const path = join(SHOTS, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  const size = page.viewportSize();
  // A taller window, not a stitched picture: what sticks to the window stays in its place.
  if (fullPage && size) await page.setViewportSize({ ...size, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.screenshot({ path, animations: "disabled" });
  if (fullPage && size) await page.setViewportSize(size);
}

interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

const EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What a change of colours alone can break. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

/** Violations of WCAG 2.2 A and AA, in words; of some rules only, or of all. */
export async function accessibilityProblems(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(AXE);
  const runOnly = rules ? { type: "rule", values: rules } : { type: "tag", values: EVERYTHING };
  const found = await page.evaluate(async (only) => {
    const axe = (globalThis as unknown as { axe: { run: (options: unknown) => Promise<{ violations: Violation[] }> } }).axe;
    const result = await axe.run({ runOnly: only });
    return result.violations;
  }, runOnly);
  return found.map((each) => `${each.id} (${each.impact}): ${each.help}\n${each.nodes.slice(0, 3).map((node) => `    ${node.html.slice(0, 160)}\n    ${node.failureSummary ?? ""}`).join("\n")}`);
}
