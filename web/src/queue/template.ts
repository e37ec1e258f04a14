// Template variables: {{name}} in a configuration and the tile that says what may be put there (S-18..S-24).
import { textLeaves } from "@/editor/paths";
import type { Message } from "@/i18n";
import { parseJson } from "@/lib/json";

export type TileType = "string" | "integer" | "number";

/** A tile as it is filled in: texts, because that is what fields hold. */
export interface Tile {
  name: string;
  type: TileType | "";
  defaultText: string;
  minimumText: string;
  maximumText: string;
  /** One permitted value a line. */
  choicesText: string;
  pattern: string;
  description: string;
  /** Keywords of the schema that the tile has no field for. */
  other: Record<string, unknown>;
}

export type TileProblems = Partial<Record<"type" | "defaultText" | "minimumText" | "maximumText" | "choicesText" | "pattern", Message>>;

const PLACEHOLDER = /\{\{\s*([A-Za-z0-9_-]+)\s*\}\}/g;

/** Names in the order of the document, each once. Keys are not searched. */
export function findPlaceholders(config: unknown): string[] {
  const names = new Set<string>();
  for (const [, text] of textLeaves(config)) for (const match of text.matchAll(PLACEHOLDER)) names.add(match[1] ?? "");
  return [...names];
}

export function emptyTile(name: string): Tile {
  return { name, type: "", defaultText: "", minimumText: "", maximumText: "", choicesText: "", pattern: "", description: "", other: {} };
}

/** One tile a placeholder: those that were there keep what was filled in; those without placeholder go. */
export function parseConfiguration(config: unknown, tiles: Tile[]): Tile[] {
  return findPlaceholders(config).map((name) => tiles.find((tile) => tile.name === name) ?? emptyTile(name));
}

interface Schema extends Record<string, unknown> {
  type?: string;
  default?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  enum?: unknown[];
  pattern?: string;
}

const asText = (value: unknown) => (value === undefined || value === null ? "" : String(value));

export function tileFromVariable(variable: { name: string; schema: string; description: string | null }): Tile {
  const { type, default: preset, minimum, maximum, enum: choices, pattern, ...other } = (parseJson(variable.schema) ?? {}) as Schema;
  return {
    name: variable.name,
    type: type === "integer" || type === "number" || type === "string" ? type : type === "float" ? "number" : "",
    defaultText: asText(preset),
    minimumText: asText(minimum),
    maximumText: asText(maximum),
    choicesText: (choices ?? []).map(asText).join("\n"),
    pattern: pattern ?? "",
    description: variable.description ?? "",
    other,
  };
}

function readNumber(text: string, type: TileType): number | Message | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const value = Number(trimmed);
  if (Number.isNaN(value)) return "This is no number.";
  if (type === "integer" && !Number.isInteger(value)) return "This is no whole number.";
  return value;
}

export const choicesOf = (tile: Tile) => tile.choicesText.split("\n").map((line) => line.trim()).filter(Boolean);

/** What keeps a tile from being saved, field by field. */
export function checkTile(tile: Tile): TileProblems {
  const problems: TileProblems = {};
  if (tile.type === "") return { type: "Choose a type." };
  const choices = choicesOf(tile);
  if (tile.type === "string") {
    if (choices.length > 0 && tile.defaultText !== "" && !choices.includes(tile.defaultText)) problems.defaultText = "The default is not one of the permitted values.";
    if (tile.pattern) {
      try {
        new RegExp(tile.pattern);
      } catch {
        problems.pattern = "This is no regular expression.";
      }
    }
    return problems;
  }
  const { type } = tile;
  const numbers: Partial<Record<"defaultText" | "minimumText" | "maximumText", number>> = {};
  for (const field of ["defaultText", "minimumText", "maximumText"] as const) {
    const value = readNumber(tile[field], type);
    if (typeof value === "string") problems[field] = value;
    else if (value !== null) numbers[field] = value;
  }
  const wrongChoice = choices.map((choice) => readNumber(choice, type)).find((choice) => typeof choice === "string");
  if (typeof wrongChoice === "string") problems.choicesText = wrongChoice;
  const { defaultText: preset, minimumText: minimum, maximumText: maximum } = numbers;
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) problems.maximumText = "The maximum is below the minimum.";
  else if (preset !== undefined && minimum !== undefined && preset < minimum) problems.defaultText = "The default is below the minimum.";
  else if (preset !== undefined && maximum !== undefined && preset > maximum) problems.defaultText = "The default is above the maximum.";
  return problems;
}

/** The map that the server takes: {"name": {"schema": {…}, "description": …}}. */
export function templateVariables(tiles: Tile[]): Record<string, unknown> {
  return Object.fromEntries(
    tiles.map((tile) => {
      const convert = (text: string): unknown => (tile.type === "string" ? text : Number(text));
      const schema: Schema = { ...tile.other, type: tile.type };
      if (tile.defaultText !== "") schema.default = convert(tile.defaultText);
      if (tile.type !== "string") {
        if (tile.minimumText.trim() !== "") schema.minimum = convert(tile.minimumText);
        if (tile.maximumText.trim() !== "") schema.maximum = convert(tile.maximumText);
      } else if (tile.pattern) schema.pattern = tile.pattern;
      const choices = choicesOf(tile);
      if (choices.length > 0) schema.enum = choices.map(convert);
      return [tile.name, { schema, ...(tile.description ? { description: tile.description } : {}) }];
    }),
  );
}

/** What a submitter may choose, in words: "1 to 8", "one of a, b". */
export function rangeText(tile: Tile): string {
  const choices = choicesOf(tile);
  if (choices.length > 0) return choices.join(", ");
  const { minimumText: minimum, maximumText: maximum } = tile;
  if (minimum && maximum) return `${minimum} – ${maximum}`;
  if (minimum) return `≥ ${minimum}`;
  if (maximum) return `≤ ${maximum}`;
  return "";
}

/** A value that a submitter gave; what is wrong with it, or nothing. */
export function checkValue(tile: Tile, text: string): Message | null {
  if (text === "") return tile.defaultText === "" ? "A value is needed." : null;
  const choices = choicesOf(tile);
  if (choices.length > 0) return choices.includes(text) ? null : "This is not one of the permitted values.";
  if (tile.type === "string" || tile.type === "") return null;
  const value = readNumber(text, tile.type);
  if (typeof value !== "number") return value;
  if (tile.minimumText !== "" && value < Number(tile.minimumText)) return "This is below the minimum.";
  if (tile.maximumText !== "" && value > Number(tile.maximumText)) return "This is above the maximum.";
  return null;
}
