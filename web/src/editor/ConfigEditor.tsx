// A queue's configuration: JSON or YAML with a switch, checked while one types, its mistakes listed below and marked in the text.
import { lazy, Suspense, useEffect, useMemo, useRef } from "react";
import { Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useT } from "@/i18n";
import type { Mark } from "./CodeEditor";
import { pathText } from "./paths";
import { schemaProblems, unfilled, type PathProblem } from "./schema";
import { convert, parseText, rangeOf, toJson, type Format } from "./text";

const CodeEditor = lazy(() => import("./CodeEditor"));

export interface ConfigText {
  text: string;
  format: Format;
}

export interface CheckedConfig {
  value: unknown;
  json: string;
  marks: Mark[];
  /** Mistakes that keep the configuration from being saved. */
  errors: number;
  list: { place: string; message: string; severity: Mark["severity"] }[];
}

/** What is wrong with a text: its syntax, values that are not filled in, what the server said, and (as warnings) what the schema says. */
export function checkConfig({ text, format }: ConfigText, schema: unknown, fromServer: PathProblem[]): CheckedConfig {
  const parsed = parseText(text, format);
  if (parsed.problems.length > 0) {
    const marks = parsed.problems.map((problem) => ({ ...problem, severity: "error" as const }));
    return { value: undefined, json: "", marks, errors: marks.length, list: marks.map((mark) => ({ place: lineText(text, mark.from), message: mark.message, severity: mark.severity })) };
  }
  const at = (problem: PathProblem, severity: Mark["severity"]) => {
    const [from, to] = rangeOf(parsed.document, problem.path) ?? [0, Math.min(1, text.length)];
    return { mark: { from, to, message: problem.message, severity }, place: pathText(problem.path) };
  };
  const found = [
    ...unfilled(parsed.value).map((problem) => at(problem, "error")),
    ...fromServer.map((problem) => at(problem, "error")),
    ...(schema ? schemaProblems(parsed.value, schema).map((problem) => at(problem, "warning")) : []),
  ];
  return {
    value: parsed.value,
    json: toJson(parsed.document),
    marks: found.map((each) => each.mark),
    errors: found.filter((each) => each.mark.severity === "error").length,
    list: found.map((each) => ({ place: each.place, message: each.mark.message, severity: each.mark.severity })),
  };
}

function lineText(text: string, at: number): string {
  return String(text.slice(0, at).split("\n").length);
}

interface Props {
  value: ConfigText;
  onChange: (value: ConfigText) => void;
  checked: CheckedConfig;
  schema?: unknown;
  label: string;
  readOnly?: boolean;
}

export function ConfigEditor({ value, onChange, checked, schema, label, readOnly }: Props) {
  const t = useT();
  // The text in the other format, for its comments and layout.
  const remembered = useRef<Partial<Record<Format, string>>>({});
  useEffect(() => {
    remembered.current[value.format] = value.text;
  }, [value]);

  const switchTo = (format: Format) => {
    if (format === value.format) return;
    const text = value.text.trim() === "" ? "" : convert(value.text, value.format, format, remembered.current[format]);
    if (text !== null) onChange({ text, format });
  };
  const broken = checked.json === "" && checked.errors > 0;
  const marks = useMemo(() => checked.marks, [checked]);
  return (
    <div className="config-editor">
      <div className="config-tools">
        <div className="segmented" role="group" aria-label={t("Format")}>
          {(["yaml", "json"] as const).map((format) => (
            <button key={format} type="button" aria-pressed={value.format === format} disabled={broken && value.format !== format} onClick={() => switchTo(format)}>
              {format.toUpperCase()}
            </button>
          ))}
        </div>
        <span className="hint">{broken ? t("Mend the mistakes to switch the format.") : t("Ctrl-Space completes keys.")}</span>
      </div>
      <Suspense fallback={<Loading />}>
        <CodeEditor text={value.text} format={value.format} label={label} marks={marks} schema={schema} readOnly={readOnly} onChange={(text) => onChange({ ...value, text })} />
      </Suspense>
      {checked.list.length > 0 && (
        <ul className="config-problems" aria-live="polite">
          {checked.list.slice(0, 12).map((problem, index) => (
            <li key={index} className={problem.severity}>
              <Icon name="warning" size={14} />
              <span>
                {problem.place && <code>{broken ? t("line {number}", { number: problem.place }) : problem.place}</code>} {problem.message}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

