// CodeMirror as a component. It lives in a shadow root: there its styles are constructed sheets, which a strict Content-Security-Policy allows.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { completeKeys } from "./complete";
import type { Format } from "./text";

export interface Mark {
  from: number;
  to: number;
  message: string;
  severity: "error" | "warning";
}

export interface CodeEditorProps {
  text: string;
  format: Format;
  label: string;
  marks: Mark[];
  schema?: unknown;
  readOnly?: boolean;
  onChange: (text: string) => void;
}

/** A text that was put in from outside: nobody has to be told of it. */
const putIn = Annotation.define<boolean>();

const look = EditorView.theme({
  "&": { fontSize: "13px", color: "var(--text)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "220px", maxHeight: "56vh" },
  ".cm-content": { caretColor: "var(--text)", padding: "10px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--faint)", border: "none", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 26%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--line)", borderRadius: "8px", color: "var(--text)", boxShadow: "var(--shadow-high)" },
  ".cm-tooltip.cm-completionInfo": { maxWidth: "340px", padding: "8px 10px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
});
const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--info)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--special)" },
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
]);

function extensions(label: string, format: Format, schema: unknown, language: Compartment, editable: Compartment, readOnly: boolean, onText: (text: string) => void) {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    lintGutter(),
    look,
    syntaxHighlighting(colors),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label }),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
    language.of(languageOf(format, schema)),
    editable.of(EditorState.readOnly.of(readOnly)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((each) => each.annotation(putIn))) onText(update.state.doc.toString());
    }),
  ];
}

function languageOf(format: Format, schema: unknown) {
  return [format === "json" ? json() : yaml(), autocompletion({ override: schema ? [completeKeys(format, schema)] : [] })];
}

export default function CodeEditor({ text, format, label, marks, schema, readOnly = false, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const language = useRef(new Compartment());
  const editable = useRef(new Compartment());
  const latest = useRef(onChange);
  latest.current = onChange;
  // What was typed comes back as a property a moment later, when more may have been typed: that must not be undone.
  const typed = useRef<string[]>([]);

  useEffect(() => {
    const place = host.current;
    if (!place) return undefined;
    const onText = (next: string) => {
      typed.current.push(next);
      latest.current(next);
    };
    const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ doc: text, extensions: extensions(label, format, schema, language.current, editable.current, readOnly, onText) }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
    // Later changes of the properties are brought in by the effects below.
  }, []);

  useEffect(() => {
    const editor = view.current;
    const own = typed.current.lastIndexOf(text);
    typed.current = own >= 0 ? typed.current.slice(own + 1) : [];
    if (!editor || own >= 0 || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, annotations: putIn.of(true) });
  }, [text]);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(format, schema)) });
  }, [format, schema]);

  useEffect(() => {
    view.current?.dispatch({ effects: editable.current.reconfigure(EditorState.readOnly.of(readOnly)) });
  }, [readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const length = editor.state.doc.length;
    const diagnostics: Diagnostic[] = marks.map((mark) => ({ ...mark, from: Math.min(mark.from, length), to: Math.min(mark.to, length) }));
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [marks, text]);

  return <div ref={host} className="code-editor" />;
}
