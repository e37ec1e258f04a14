// The job's output as it comes: one JSON frame a line ({"first", "lines"}), followed until the run ends.
import { h } from "/static/dom.js";

const MOST_LINES = 5000;

/** Follows the log at `address` into `element`; the value stops it. Reconnects where it was. */
export function followLog(address, element) {
  const abort = new AbortController();
  let next = 0, attempt = null, ended = false, shown = 0;

  const show = (lines, kind) => {
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    const piece = document.createDocumentFragment();
    for (const line of lines) piece.append(h("div", kind ? { class: kind } : {}, line === "" ? " " : line));
    element.append(piece);
    shown += lines.length;
    while (shown > MOST_LINES && element.firstChild) { element.firstChild.remove(); shown -= 1; }
    if (atEnd) element.scrollTop = element.scrollHeight;
  };
  const take = (frame) => {
    if (frame.lines) {
      if (attempt !== null && frame.attempt !== attempt) { show([`── attempt ${frame.attempt} ──`], "gap"); }
      attempt = frame.attempt;
      show(frame.lines);
      next = frame.first + frame.lines.length;
    }
    if (frame.end) {
      ended = true;
      if (shown === 0) show(["The job wrote no output."], "gap");
      if (!frame.complete) show(["── the output is not complete ──"], "gap");
    }
  };
  const readOnce = async () => {
    const response = await fetch(`${address}?format=ndjson&follow=1&from=${next}`, { signal: abort.signal });
    if (!response.ok) { ended = response.status < 500; return; }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) if (line) take(JSON.parse(line));
    }
  };
  const run = async () => {
    while (!ended && !abort.signal.aborted) {
      try { await readOnce(); } catch { /* the connection broke: go on below */ }
      if (!ended && !abort.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  run();
  return () => abort.abort();
}
