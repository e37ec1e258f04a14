// The output of a run: live, searchable, of any length.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useT } from "@/i18n";
import { useKeys } from "@/lib/keys";
import { parseAnsi, type Piece } from "./ansi";
import { ROW_HEIGHT, scrollFrame, scrollTopFor } from "./logScroll";
import { searchLog, type SearchState } from "./logSearch";
import { logDownload, type RunName } from "./logSource";
import { useLog } from "./useLog";

const OVERSCAN = 15;
const LONGEST_SHOWN = 4000;
const SEARCH_DELAY_MS = 250;

interface Props {
  run: RunName;
  /** The newest attempt of its item; 1 when there is none. */
  attempts: number;
}

export function LogView({ run, attempts }: Props) {
  const t = useT();
  const [attempt, setAttempt] = useState<number | null>(null);
  const model = useLog(run, attempt);
  const view = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [following, setFollowing] = useState(true);
  const [scroll, setScroll] = useState({ top: 0, height: 480 });
  const [text, setText] = useState("");
  const [hit, setHit] = useState(0);
  const search = useSearch(run, attempt, text);
  const frame = scrollFrame(model.total, scroll.top, scroll.height);
  const first = Math.max(0, frame.firstLine - OVERSCAN);
  const last = Math.min(model.total, frame.firstLine + Math.ceil(scroll.height / ROW_HEIGHT) + OVERSCAN);
  useKeys({ "/": () => field.current?.focus(), f: () => setFollowing(true) });

  useEffect(() => model.want(first, last), [model, first, last]);

  useLayoutEffect(() => {
    const element = view.current;
    if (!element) return undefined;
    const sizes = new ResizeObserver(() => setScroll((before) => ({ ...before, height: element.clientHeight })));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (following && view.current) view.current.scrollTop = view.current.scrollHeight;
  }, [following, model.total, frame.height]);

  const onScroll = () => {
    const element = view.current;
    if (!element) return;
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < ROW_HEIGHT);
    setScroll({ top: element.scrollTop, height: element.clientHeight });
  };

  const show = useCallback(
    (line: number) => {
      setFollowing(false);
      const element = view.current;
      if (element) element.scrollTop = scrollTopFor(line, model.total, element.clientHeight);
    },
    [model],
  );
  const firstHit = search.hits[0];
  useEffect(() => {
    setHit(0);
    if (firstHit !== undefined) show(firstHit);
  }, [firstHit, show]);
  const step = (by: number) => {
    if (search.hits.length === 0) return;
    const next = (hit + by + search.hits.length) % search.hits.length;
    setHit(next);
    show(search.hits[next] ?? 0);
  };
  const rows = [];
  for (let number = first; number < last; number += 1) {
    rows.push(<Row key={number} number={number} line={model.line(number)} mark={text} current={search.hits[hit] === number} />);
  }

  return (
    <div className="log-panel">
      <div className="log-tools">
        <span className="search">
          <Icon name="search" size={14} />
          <input
            ref={field}
            className="input small"
            type="search"
            placeholder={t("Find in the output")}
            aria-label={t("Find in the output")}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && step(event.shiftKey ? -1 : 1)}
          />
        </span>
        {text && (
          <span className="muted" role="status">
            {search.hits.length === 0 ? (search.done ? t("not found") : t("searching…")) : `${hit + 1} / ${search.hits.length}${search.done ? "" : "…"}`}
          </span>
        )}
        <span className="spring" />
        {attempts > 1 && (
          <select className="input small" aria-label={t("Attempt")} value={attempt ?? ""} onChange={(event) => setAttempt(event.target.value ? Number(event.target.value) : null)}>
            <option value="">{t("Newest attempt")}</option>
            {Array.from({ length: attempts }, (_, index) => (
              <option key={index} value={index + 1}>
                {t("Attempt {number}", { number: index + 1 })}
              </option>
            ))}
          </select>
        )}
        <Button kind="quiet" icon="down" aria-pressed={following} onClick={() => setFollowing(!following)}>
          {t("Follow")}
        </Button>
        <a className="button quiet" href={logDownload(run, attempt)} download>
          <Icon name="download" />
          {t("Download")}
        </a>
      </div>
      <div ref={view} className="log" tabIndex={0} role="log" aria-live="off" aria-label={t("Output of the job")} onScroll={onScroll}>
        {model.total === 0 && <p className="log-empty">{model.end ? t("The job wrote no output.") : t("Waiting for the first line…")}</p>}
        <div className="log-space" style={{ height: frame.height }}>
          <div className="log-rows" style={{ transform: `translateY(${frame.top - (frame.firstLine - first) * ROW_HEIGHT}px)` }}>
            {rows}
          </div>
        </div>
      </div>
      <div className="log-foot">
        <span>{t("{count} {count|line|lines}", { count: model.total })}</span>
        {model.end ? (
          !model.end.complete && <span className="warn-text">{t("The output is not complete.")}</span>
        ) : (
          <span className="live live-here">
            <span className="dot" aria-hidden="true" />
            {t("following")}
          </span>
        )}
        {model.end?.truncated && <span className="warn-text">{t("The output was cut at the limit of the server.")}</span>}
      </div>
    </div>
  );
}

function useSearch(run: RunName, attempt: number | null, text: string): SearchState {
  const { entityName, projectName, name } = run;
  const [state, setState] = useState<SearchState>({ hits: [], done: true });
  useEffect(() => {
    setState({ hits: [], done: text === "" });
    if (text === "") return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      searchLog({ entityName, projectName, name }, attempt, text, abort.signal, setState).catch(() => setState((before) => ({ ...before, done: true })));
    }, SEARCH_DELAY_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [entityName, projectName, name, attempt, text]);
  return state;
}

interface RowProps {
  number: number;
  line: string | undefined;
  mark: string;
  current: boolean;
}

function Row({ number, line, mark, current }: RowProps) {
  const cut = line !== undefined && line.length > LONGEST_SHOWN;
  const pieces = line === undefined ? [] : parseAnsi(cut ? line.slice(0, LONGEST_SHOWN) : line);
  return (
    <div className={current ? "log-row current" : "log-row"}>
      <span className="log-number" aria-hidden="true">
        {number + 1}
      </span>
      <span className="log-text">
        {pieces.map((piece, index) => (
          <StyledPiece key={index} piece={piece} mark={mark} />
        ))}
        {cut && <span className="log-cut"> … {line.length}</span>}
      </span>
    </div>
  );
}

function StyledPiece({ piece, mark }: { piece: Piece; mark: string }) {
  const { fg, bg, bold, dim, italic, underline, inverse } = piece.style;
  const classes = [bold && "b", dim && "d", italic && "i", underline && "u"].filter(Boolean).join(" ");
  const style = inverse ? { color: bg ?? "var(--log-page)", background: fg ?? "var(--log-text)" } : { color: fg, background: bg };
  return (
    <span className={classes || undefined} style={style}>
      {marked(piece.text, mark)}
    </span>
  );
}

function marked(text: string, mark: string) {
  if (!mark) return text;
  const parts = [];
  const lower = text.toLowerCase();
  const wanted = mark.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + wanted.length)}</mark>);
    from = at + wanted.length;
  }
  parts.push(text.slice(from));
  return parts;
}
