// Completion of keys in a configuration, from the resource's schema.
import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import { keysAt } from "./schema";
import type { Path } from "./paths";
import type { Format } from "./text";

const CURSOR = "__slipway_cursor__";

/** The path of the object in which a key is being written between `from` and `to`. */
export function pathAtKey(text: string, from: number, to: number, format: Format): Path | null {
  const key = format === "json" ? `"${CURSOR}": 0` : `${CURSOR}: 0`;
  const document = parseDocument(text.slice(0, from) + key + text.slice(to), { uniqueKeys: false });
  return find(document.contents, []);
}

function find(node: unknown, path: Path): Path | null {
  if (isMap(node)) {
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      if (key === CURSOR) return path;
      const found = find(pair.value, [...path, key]);
      if (found) return found;
    }
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = find(item, [...path, index]);
      if (found) return found;
    }
  }
  return null;
}

export function completeKeys(format: Format, schema: unknown) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(format === "json" ? /"[\w.-]*/ : /[\w.-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const line = context.state.doc.lineAt(context.pos);
    // A key begins its line in YAML, and follows "{" or "," in JSON.
    const before = context.state.doc.sliceString(Math.max(0, word.from - 200), word.from);
    const begins = format === "json" ? /[{,]\s*$/.test(before) || before.trim() === "" : /^\s*(- +)*$/.test(line.text.slice(0, word.from - line.from));
    if (!begins) return null;
    const text = context.state.doc.toString();
    const closing = format === "json" && text[context.pos] === '"' ? 1 : 0;
    const path = pathAtKey(text, word.from, context.pos + closing, format);
    if (!path) return null;
    const options = keysAt(schema, path).map((key) => ({
      label: key.name,
      detail: key.type,
      info: key.description || undefined,
      type: "property",
      apply: format === "json" ? `"${key.name}": ` : `${key.name}: `,
    }));
    return options.length > 0 ? { from: word.from, to: context.pos + closing, options, filter: format === "yaml" } : null;
  };
}
