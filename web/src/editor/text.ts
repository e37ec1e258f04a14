// A configuration as text: JSON or YAML, each way without losing anything. JSON is read as the YAML that it is, so that both have one reader.
import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node, type Pair, type ParsedNode, type Scalar } from "yaml";
import type { Path } from "./paths";

export type Format = "json" | "yaml";

export interface TextProblem {
  message: string;
  from: number;
  to: number;
}

export interface ParsedText {
  document: Document.Parsed;
  problems: TextProblem[];
  value: unknown;
}

const READ = { intAsBigInt: true, keepSourceTokens: false, prettyErrors: false, uniqueKeys: true } as const;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export function parseText(text: string, format: Format): ParsedText {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...READ, lineCounter: lines });
  const problems: TextProblem[] = document.errors.map((error) => ({ message: error.message, from: error.pos[0], to: Math.max(error.pos[1], error.pos[0] + 1) }));
  if (format === "json" && problems.length === 0 && text.trim() !== "") problems.push(...strictJsonProblems(text));
  return { document, problems, value: problems.length > 0 ? undefined : plainValue(document) };
}

/** YAML allows more than JSON does: trailing commas, comments, bare words. */
function strictJsonProblems(text: string): TextProblem[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = (error as Error).message;
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length - 1);
    return [{ message: `This is no JSON: ${message}`, from: Math.min(position, text.length - 1), to: Math.min(position + 1, text.length) }];
  }
}

/** For checks and for sending: numbers beyond the safe range keep their digits in toJson() only. */
function plainValue(document: Document.Parsed): unknown {
  const value: unknown = document.toJS({ maxAliasCount: 1000 });
  return value === null || value === undefined ? {} : withNumbers(value);
}

function withNumbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), withNumbers(inner)]));
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNumbers(inner)]));
  return value;
}

/** The document as JSON text, numbers as they were written, in the order of the document. */
export function toJson(document: Document): string {
  if (document.contents === null) return "{}";
  return writeNode(document.contents as ParsedNode, document, "");
}

function writeNode(node: unknown, document: Document, indent: string): string {
  const deeper = `${indent}  `;
  if (isAlias(node)) return writeNode(node.resolve(document) ?? null, document, indent);
  if (isSeq(node)) {
    if (node.items.length === 0) return "[]";
    return `[\n${node.items.map((item) => deeper + writeNode(item, document, deeper)).join(",\n")}\n${indent}]`;
  }
  if (isMap(node)) {
    const pairs = mergedPairs(node.items, document);
    if (pairs.length === 0) return "{}";
    const rows = pairs.map((pair) => `${deeper}${JSON.stringify(keyText(pair.key))}: ${writeNode(pair.value, document, deeper)}`);
    return `{\n${rows.join(",\n")}\n${indent}}`;
  }
  if (isScalar(node)) return writeScalar(node);
  return "null";
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** "<<: *defaults" stands for the members of what it names. */
function mergedPairs(items: Pair[], document: Document): Pair[] {
  const own = new Set(items.map((pair) => keyText(pair.key)));
  return items.flatMap((pair) => {
    if (keyText(pair.key) !== "<<" || !isAlias(pair.value)) return [pair];
    const source = pair.value.resolve(document);
    return isMap(source) ? source.items.filter((inner) => !own.has(keyText(inner.key))) : [];
  });
}

function writeScalar(node: Scalar): string {
  const { value } = node;
  if (typeof value === "number" || typeof value === "bigint") {
    const source = node.source ?? String(value);
    if (JSON_NUMBER.test(source)) return source;
    return typeof value === "number" && !Number.isFinite(value) ? JSON.stringify(String(value)) : String(value);
  }
  if (value === undefined || value === null) return "null";
  return JSON.stringify(value);
}

/** The document as YAML: block style, plain words where they mean the same. */
export function toYaml(document: Document): string {
  if (isCollection(document.contents) && document.contents.items.length === 0) return "";
  visit(document, (_key, node) => {
    if (isCollection(node)) node.flow = node.items.length === 0;
    if (isScalar(node) && typeof node.value === "string") node.type = node.value.includes("\n") ? "BLOCK_LITERAL" : undefined;
    if (isPair(node) && isScalar(node.key)) node.key.type = undefined;
  });
  return document.toString({ lineWidth: 0 });
}

/**
 * Converts a text. `remembered` is an earlier text of the wanted format: its comments and layout are kept where the values are the same.
 * Nothing when the text has mistakes.
 */
export function convert(text: string, from: Format, to: Format, remembered?: string): string | null {
  const parsed = parseText(text, from);
  if (parsed.problems.length > 0) return null;
  if (remembered !== undefined) {
    const earlier = parseText(remembered, to);
    if (earlier.problems.length === 0) {
      if (toJson(earlier.document) === toJson(parsed.document)) return remembered;
      if (to === "yaml" && isMap(earlier.document.contents) && isMap(parsed.document.contents)) {
        update(earlier.document.contents, parsed.document.contents, parsed.document);
        return earlier.document.toString({ lineWidth: 0 });
      }
    }
  }
  return to === "json" ? toJson(parsed.document) : toYaml(parsed.document);
}

/** Brings one map to the values of another, leaving what is equal, with its comments, as it stands. */
function update(target: { items: Pair[] }, source: { items: Pair[] }, document: Document) {
  const wanted = new Map(source.items.map((pair) => [keyText(pair.key), pair]));
  const held = new Map(target.items.map((pair) => [keyText(pair.key), pair]));
  target.items = [...wanted].map(([key, pair]) => {
    const mine = held.get(key);
    if (!mine) return blockStyle(pair);
    if (isMap(mine.value) && isMap(pair.value)) update(mine.value, pair.value, document);
    else if (writeNode(mine.value, document, "") !== writeNode(pair.value, document, "")) mine.value = keepComment(mine.value, blockStyle(pair).value);
    return mine;
  });
}

function blockStyle(pair: Pair): Pair {
  if (isScalar(pair.key)) pair.key.type = undefined;
  if (isNode(pair.value)) {
    visit(pair.value, (_key, node) => {
      if (isCollection(node)) node.flow = node.items.length === 0;
      if (isScalar(node)) node.type = undefined;
    });
  }
  return pair;
}

function keepComment(before: unknown, after: unknown): unknown {
  if (isScalar(before) && isScalar(after)) after.comment = before.comment;
  return after;
}

/** Where the value at a path stands; its nearest parent when there is no such value. */
export function rangeOf(document: Document, path: Path): [number, number] | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length);
    const node = length === 0 ? document.contents : (document.getIn(part, true) as Node | undefined);
    const range = (node as Node | null | undefined)?.range;
    if (range) return [range[0], Math.max(range[1], range[0] + 1)];
  }
  return null;
}
