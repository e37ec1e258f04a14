/** A document to read: no editor needs to be loaded for it. */
export function CodeView({ text, label }: { text: string; label: string }) {
  return (
    <pre className="code-view" tabIndex={0} role="group" aria-label={label}>
      {tokens(text)}
    </pre>
  );
}

const JSON_TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

function tokens(text: string) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(JSON_TOKEN)) {
    const [whole, string, colon, word] = match;
    parts.push(text.slice(from, match.index));
    const kind = string ? (colon ? "tok-key" : "tok-string") : word ? "tok-word" : "tok-number";
    parts.push(
      <span key={match.index} className={kind}>
        {string ?? whole}
      </span>,
      colon ?? "",
    );
    from = match.index + whole.length;
  }
  parts.push(text.slice(from));
  return parts;
}
