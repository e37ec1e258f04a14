// From the fields of the launch drawer to what the server takes, and back from an earlier run.
import { isObject, type JsonObject } from "@/lib/json";

export interface LaunchFields {
  /** As in a shell; empty: the job's own. */
  entryPoint: string;
  args: string;
  /** JSON or YAML was parsed before: the configuration to override. */
  runConfig: JsonObject;
}

/** Splits like a shell does: quotes group, a backslash takes the next character as it is. Nothing for an unclosed quote. */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]!;
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (char === "\\" && quote === '"' && index + 1 < text.length) word = (word ?? "") + text[(index += 1)]!;
      else word = (word ?? "") + char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (char === "\\" && index + 1 < text.length) {
      word = (word ?? "") + text[(index += 1)]!;
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? "") + char;
    }
  }
  if (quote !== null) return null;
  if (word !== null) words.push(word);
  return words;
}

export function joinWords(words: string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}

/** The `overrides` of a launch spec: only what was filled in. */
export function overridesOf(fields: LaunchFields): JsonObject {
  const overrides: JsonObject = {};
  const entryPoint = splitWords(fields.entryPoint) ?? [];
  const args = splitWords(fields.args) ?? [];
  if (entryPoint.length > 0) overrides.entry_point = entryPoint;
  if (args.length > 0) overrides.args = args;
  if (Object.keys(fields.runConfig).length > 0) overrides.run_config = fields.runConfig;
  return overrides;
}

/** What an earlier run was launched with ("Paste from…"). */
export function fieldsOfSpec(spec: unknown): LaunchFields {
  const overrides = isObject(spec) && isObject(spec.overrides) ? spec.overrides : {};
  const list = (value: unknown) => (Array.isArray(value) ? joinWords(value.map(String)) : "");
  return { entryPoint: list(overrides.entry_point), args: list(overrides.args), runConfig: isObject(overrides.run_config) ? overrides.run_config : {} };
}
