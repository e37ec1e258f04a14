// Every change of a queue, by whom, with what was there before.
import { Card, Clock } from "@/ui/basics";
import { useT } from "@/i18n";
import { changedLines, changedMembers, nearChanges, type DiffLine } from "@/lib/diff";

export interface Change {
  at: string;
  actor: string;
  before: unknown;
  after: unknown;
}

export function ChangeHistory({ changes }: { changes: Change[] }) {
  const t = useT();
  return (
    <Card title={t("History of changes")} flush>
      {changes.length === 0 ? (
        <p className="nothing muted">{t("It has not been changed since it was made.")}</p>
      ) : (
        <ul className="changes">
          {[...changes].reverse().map((change, index) => (
            <li key={index}>
              <details>
                <summary>
                  <strong>{change.actor}</strong> <Clock at={change.at} /> <span className="muted">{changedMembers(change.before, change.after).join(", ")}</span>
                </summary>
                <pre className="diff" tabIndex={0}>
                  {nearChanges(changedLines(change.before, change.after)).map((line, at) => (
                    <Line key={at} line={line} />
                  ))}
                </pre>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const SIGNS = { same: " ", added: "+", removed: "-" } as const;

function Line({ line }: { line: DiffLine }) {
  return <span className={`diff-${line.kind}`}>{`${SIGNS[line.kind]} ${line.text}\n`}</span>;
}
