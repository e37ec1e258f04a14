// What a resource's JSON Schema says about a configuration: mistakes with their place, and the keys that may stand at a place.
import { Validator, type OutputUnit, type Schema } from "@cfworker/json-schema";
import { parsePointer, textLeaves, type Path } from "./paths";

export interface PathProblem {
  path: Path;
  message: string;
}

/** Says only that something inside is wrong, which stands in the list too. */
const WRAPPERS = new Set(["properties", "patternProperties", "items", "prefixItems", "additionalProperties", "unevaluatedProperties", "$ref", "allOf", "if", "then", "else"]);
const CHOICES = new Set(["oneOf", "anyOf"]);
const REQUIRED = /^<?(REQUIRED|必須)>?$/;

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[String(part)] : undefined), value);
}

/** A text that stands for something that is only known later may be of any type. */
function isOpen(value: unknown): boolean {
  return typeof value === "string" && (/\{\{.*\}\}/.test(value) || /\$\{.*\}/.test(value) || REQUIRED.test(value.trim()));
}

export function schemaProblems(value: unknown, schema: unknown): PathProblem[] {
  const { errors } = new Validator(schema as Schema, "2020-12", false).validate(value);
  const choices = errors.filter((error) => CHOICES.has(error.keyword)).map((error) => error.instanceLocation);
  const insideChoice = (error: OutputUnit) => choices.some((place) => error.instanceLocation.startsWith(place) && !CHOICES.has(error.keyword));
  const seen = new Set<string>();
  return errors.flatMap((error) => {
    if (WRAPPERS.has(error.keyword) || insideChoice(error)) return [];
    const path = parsePointer(error.instanceLocation);
    if (isOpen(valueAt(value, path))) return [];
    const message = error.keyword === "false" ? `The key “${String(path.at(-1) ?? "")}” is not known here.` : error.error;
    const mark = `${path.join("/")}:${message}`;
    if (seen.has(mark)) return [];
    seen.add(mark);
    return [{ path, message }];
  });
}

/** Values that somebody has to fill in before a queue can be saved. */
export function unfilled(value: unknown): PathProblem[] {
  return [...textLeaves(value)].filter(([, text]) => REQUIRED.test(text.trim())).map(([path]) => ({ path, message: "This value is required: put your own in." }));
}

interface SchemaNode {
  $ref?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  allOf?: SchemaNode[];
  description?: string;
  type?: string | string[];
  enum?: unknown[];
}

function resolve(node: SchemaNode, root: SchemaNode, depth = 0): SchemaNode[] {
  if (depth > 8) return [];
  const here = node.$ref?.startsWith("#/") ? resolve(valueAt(root, parsePointer(node.$ref)) as SchemaNode, root, depth + 1) : [node];
  const inner = [...(node.oneOf ?? []), ...(node.anyOf ?? []), ...(node.allOf ?? [])];
  return [...here, ...inner.flatMap((each) => resolve(each, root, depth + 1))];
}

export interface KnownKey {
  name: string;
  description: string;
  type: string;
}

/** The keys that the schema knows for the object at `path`. */
export function keysAt(schema: unknown, path: Path): KnownKey[] {
  const root = schema as SchemaNode;
  let nodes = resolve(root, root);
  for (const part of path) {
    nodes = nodes.flatMap((node) => {
      const next = typeof part === "number" ? node.items : (node.properties?.[part] ?? (typeof node.additionalProperties === "object" ? node.additionalProperties : undefined));
      return next ? resolve(next, root) : [];
    });
  }
  const keys = new Map<string, KnownKey>();
  for (const node of nodes) {
    for (const [name, inner] of Object.entries(node.properties ?? {})) keys.set(name, { name, description: inner.description ?? "", type: [inner.type ?? ""].flat().join(" | ") });
  }
  return [...keys.values()].sort((a, b) => a.name.localeCompare(b.name));
}
