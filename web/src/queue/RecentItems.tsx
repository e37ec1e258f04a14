import { Link } from "wouter";
import { QueueItemsDocument, type QueueRowFragment } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { Ago, ErrorNote, Loading } from "@/ui/basics";
import { PhasePill } from "@/ui/phase";
import { useT } from "@/i18n";
import { nodesOf } from "@/lib/nodes";
import { routes } from "@/routes";
import { EmptyQueue } from "./EmptyQueue";

const SHOWN = 8;

/** The newest items of a queue, in the list of queues. */
export function RecentItems({ queue }: { queue: Pick<QueueRowFragment, "id" | "name" | "entityName"> }) {
  const t = useT();
  const { data, error, isPending } = useApi(
    QueueItemsDocument,
    { id: queue.id, first: SHOWN, after: null, states: null, newestFirst: true, search: null, sort: "CREATED" },
    { touchedBy: (event) => event.queueId === queue.id || event.kind === "agent" },
  );
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  const items = nodesOf(data.runQueue?.items);
  if (items.length === 0) return <EmptyQueue queue={queue} />;
  return (
    <ul className="recent">
      {items.map((item) => (
        <li key={item.id}>
          <PhasePill phase={item.phase} stopping={item.cancelRequested} unreachable={item.unreachableSince !== null} />
          {item.run ? (
            <Link href={routes.run(item.run.entityName, item.run.projectName, item.run.name)} className="strong">
              {item.run.displayName ?? item.run.name}
            </Link>
          ) : (
            <span className="faint">–</span>
          )}
          <span className="muted clip recent-why">{item.error?.message ?? item.waitReason ?? item.job ?? item.run?.projectName}</span>
          <span className="muted recent-when">
            {item.author} · <Ago at={item.createdAt} />
          </span>
        </li>
      ))}
      {data.runQueue?.items.pageInfo.hasNextPage && (
        <li className="recent-more">
          <Link href={routes.queue(queue.entityName, queue.name)}>{t("All items of this queue")}</Link>
        </li>
      )}
    </ul>
  );
}
