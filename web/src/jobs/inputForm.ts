// The fields of a job's input schema (D-36). The schema draws the form; it does not refuse anything.
import { isObject, type JsonObject } from "@/lib/json";

export interface InputField {
  path: string[];
  label: string;
  description: string;
  kind: "text" | "number" | "integer" | "boolean" | "choice" | "choices";
  choices: string[];
  preset: unknown;
  hint: string;
  secret: boolean;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

function rangeHint(schema: JsonObject): string {
  const parts = [
    schema.minimum !== undefined && `≥ ${String(schema.minimum)}`,
    schema.exclusiveMinimum !== undefined && `> ${String(schema.exclusiveMinimum)}`,
    schema.maximum !== undefined && `≤ ${String(schema.maximum)}`,
    schema.exclusiveMaximum !== undefined && `< ${String(schema.exclusiveMaximum)}`,
  ];
  return parts.filter(Boolean).join(", ");
}

function kindOf(schema: JsonObject): InputField["kind"] {
  if (Array.isArray(schema.enum)) return "choice";
  if (schema.type === "integer" || schema.type === "number" || schema.type === "boolean") return schema.type;
  if (schema.type === "array" && isObject(schema.items) && Array.isArray(schema.items.enum)) return "choices";
  return "text";
}

export function inputFields(schema: JsonObject, path: string[] = []): InputField[] {
  if (!isObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([name, inner]) => {
    if (!isObject(inner)) return [];
    const here = [...path, name];
    if (inner.type === "object") return inputFields(inner, here);
    const kind = kindOf(inner);
    const choices = kind === "choices" ? (inner.items as JsonObject).enum : inner.enum;
    return [
      {
        path: here,
        label: text(inner.title) || text(inner.label) || here.join("."),
        description: text(inner.description),
        kind,
        choices: Array.isArray(choices) ? choices.map(String) : [],
        preset: inner.default,
        hint: rangeHint(inner),
        secret: inner.format === "secret",
      },
    ];
  });
}

export function valueAt(config: JsonObject, path: string[]): unknown {
  return path.reduce<unknown>((inner, part) => (isObject(inner) ? inner[part] : undefined), config);
}

/** The configuration with one value changed; undefined takes it out. */
export function withValue(config: JsonObject, path: string[], value: unknown): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return config;
  const next = { ...config };
  if (rest.length > 0) {
    const inner = withValue(isObject(config[first]) ? config[first] : {}, rest, value);
    if (Object.keys(inner).length > 0) next[first] = inner;
    else delete next[first];
  } else if (value === undefined) delete next[first];
  else next[first] = value;
  return next;
}

/** What was typed as the value that the field means: numbers as numbers; nothing for an empty field. */
export function readInput(field: InputField, typed: string): unknown {
  if (typed === "") return undefined;
  if (field.kind === "number" || field.kind === "integer") return Number.isNaN(Number(typed)) ? typed : Number(typed);
  if (field.kind === "boolean") return typed === "true";
  return typed;
}
