import { useQuery } from "@tanstack/react-query";
import { MonitorItemsDocument, type MonitorItemFragment } from "@/generated/graphql";
import { execute } from "@/api/client";
import type { ApiError } from "@/api/errors";
import { nodesOf } from "@/lib/nodes";
import { parseTime } from "@/lib/time";

/** More is not drawn: a plot of ten thousand bars shows nothing. */
export const MOST_ITEMS = 2_000;
const REFRESH_MS = 10_000;

/** The items of a queue that were alive since a time, newest first. */
export function useMonitorItems(queueId: string, since: number) {
  return useQuery<{ items: MonitorItemFragment[]; cut: boolean }, ApiError>({
    queryKey: ["monitor", queueId, since],
    refetchInterval: REFRESH_MS,
    placeholderData: (previous) => previous,
    queryFn: async ({ signal }) => {
      const items: MonitorItemFragment[] = [];
      let after: string | null = null;
      for (;;) {
        const answer: Awaited<ReturnType<typeof readPage>> = await readPage(queueId, after, signal);
        const page = nodesOf(answer.runQueue?.items);
        items.push(...page);
        const oldest = parseTime(page.at(-1)?.createdAt);
        const { hasNextPage, endCursor } = answer.runQueue?.items.pageInfo ?? { hasNextPage: false, endCursor: null };
        if (items.length >= MOST_ITEMS) return { items, cut: hasNextPage };
        if (!hasNextPage || oldest === null || oldest < since) return { items: items.filter((item) => isAlive(item, since)), cut: false };
        after = endCursor;
      }
    },
  });
}

const readPage = (id: string, after: string | null, signal: AbortSignal) => execute(MonitorItemsDocument, { id, after }, signal);

function isAlive(item: MonitorItemFragment, since: number): boolean {
  return (parseTime(item.finishedAt) ?? Infinity) >= since;
}
