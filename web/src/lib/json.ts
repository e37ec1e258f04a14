/** A document of the server as text; a JSONString is a document inside a string. */
export function prettyJson(value: unknown): string {
  return JSON.stringify(typeof value === "string" ? parseJson(value) : value, null, 2) ?? "";
}

export function parseJson(text: string | null | undefined): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** W&B clients wrap each value of a run's configuration: {"lr": {"value": 0.1, "desc": null}}. */
export function unwrapConfig(config: unknown): JsonObject {
  if (!isObject(config)) return {};
  const entries = Object.entries(config).filter(([key]) => key !== "_wandb" && key !== "wandb_version");
  return Object.fromEntries(entries.map(([key, value]) => [key, isObject(value) && "value" in value ? value.value : value]));
}

/** {"a": {"b": 1}} as [["a.b", 1]], for tables. */
export function flatten(value: JsonObject, prefix = ""): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    return isObject(inner) && Object.keys(inner).length > 0 ? flatten(inner, path) : [[path, inner] as [string, unknown]];
  });
}
