// The items of a queue for a virtualised table: pages as one scrolls, single items as they change.
import { useCallback, useEffect, useRef, useState } from "react";
import { ItemRowFragmentDoc, QueueItemsDocument, type ItemRowFragment, type RunQueueItemSort, type RunQueueItemState } from "@/generated/graphql";
import { execute, request } from "@/api/client";
import type { ApiError } from "@/api/errors";
import { liveFeed } from "@/api/live";
import { nodesOf } from "@/lib/nodes";
import { throttle } from "@/lib/throttle";
import { appendPage, emptyList, mergeHead, patchItems, type ItemList, type Page } from "./itemList";

const PAGE = 100;
const HEAD = 30;
const FLUSH_MS = 300;
const AT_ONCE = 40;

export interface ItemFilter {
  states: RunQueueItemState[] | null;
  newestFirst: boolean;
  search: string | null;
  sort: RunQueueItemSort;
}

async function readPage(queueId: string, filter: ItemFilter, first: number, after: string | null, signal?: AbortSignal): Promise<Page<ItemRowFragment>> {
  const answer = await execute(QueueItemsDocument, { id: queueId, first, after, ...filter }, signal);
  const found = answer.runQueue?.items;
  return {
    items: nodesOf(found),
    cursor: found?.pageInfo.endCursor ?? null,
    hasMore: found?.pageInfo.hasNextPage ?? false,
  };
}

/** Many single items in one request. What was deleted meanwhile is simply not in the answer. */
async function readItems(ids: string[]): Promise<ItemRowFragment[]> {
  const fields = ids.map((_, index) => `i${index}: runQueueItem(id: $i${index}) { ...ItemRow }`).join("\n");
  const names = ids.map((_, index) => `$i${index}: ID!`).join(", ");
  const query = `query ChangedItems(${names}) { ${fields} }\n${ItemRowFragmentDoc.toString()}`;
  const variables = Object.fromEntries(ids.map((id, index) => [`i${index}`, id]));
  const answer = await request<{ data?: Record<string, ItemRowFragment | null> }>("POST", "/graphql", { query, variables });
  return Object.values(answer.data ?? {}).flatMap((item) => (item ? [item] : []));
}

export function useItems(queueId: string, filter: ItemFilter) {
  const [list, setList] = useState<ItemList<ItemRowFragment>>(emptyList);
  const [error, setError] = useState<ApiError | null>(null);
  const [loaded, setLoaded] = useState(false);
  const latest = useRef(list);
  latest.current = list;
  const loading = useRef(false);
  const statesKey = filter.states?.join() ?? "";
  const { newestFirst, search, sort } = filter;
  // New items come in at the front only where the newest stand there; elsewhere the first page is read anew.
  const newestOnTop = newestFirst && sort === "CREATED";

  const currentFilter = useCallback((): ItemFilter => ({ states: statesKey ? (statesKey.split(",") as RunQueueItemState[]) : null, newestFirst, search, sort }), [statesKey, newestFirst, search, sort]);

  useEffect(() => {
    const abort = new AbortController();
    const dirty = new Set<string>();
    let headIsOld = false;
    let busy = false;

    const guard = (problem: unknown) => {
      if (!abort.signal.aborted) setError(problem as ApiError);
    };
    const start = async () => {
      setLoaded(false);
      const page = await readPage(queueId, currentFilter(), PAGE, null, abort.signal);
      setList(appendPage(emptyList(), page));
      setError(null);
      setLoaded(true);
    };
    const flush = async () => {
      if (busy || abort.signal.aborted) return;
      busy = true;
      try {
        const ids = [...dirty].slice(0, AT_ONCE);
        for (const id of ids) dirty.delete(id);
        const readsHead = headIsOld;
        headIsOld = false;
        const [changed, head] = await Promise.all([ids.length > 0 ? readItems(ids) : [], readsHead ? readPage(queueId, currentFilter(), newestOnTop ? HEAD : PAGE, null, abort.signal) : null]);
        if (abort.signal.aborted) return;
        const { states } = currentFilter();
        const found = new Set(changed.map((item) => item.id));
        setList((before) => {
          const patched = patchItems(before, changed, ids.filter((id) => !found.has(id)), (item) => !states || states.includes(item.phase));
          if (!head) return patched;
          if (newestOnTop) return mergeHead(patched, head);
          return patched.ids.length < PAGE ? appendPage(emptyList(), head) : patched;
        });
      } catch (problem) {
        guard(problem);
      } finally {
        busy = false;
        if (dirty.size > 0 || headIsOld) refresh();
      }
    };
    const refresh = throttle(() => void flush(), FLUSH_MS);
    const stop = liveFeed.subscribe((event) => {
      if (event.kind === "item" && event.queueId === queueId && event.id) {
        if (latest.current.byId.has(event.id)) dirty.add(event.id);
        else headIsOld = true;
        refresh();
      } else if (event.kind === "agent" || event.kind === "queue" || event.kind === "reset" || (event.kind === "items" && event.queueId === queueId)) {
        // Why something waits depends on them.
        const all = event.kind === "items" || event.kind === "reset";
        for (const id of latest.current.ids.slice(0, PAGE)) if (all || latest.current.byId.get(id)?.phase === "PENDING") dirty.add(id);
        headIsOld = true;
        refresh();
      }
    });
    start().catch(guard);
    return () => {
      abort.abort();
      stop();
      refresh.cancel();
    };
  }, [queueId, newestOnTop, currentFilter]);

  const loadMore = useCallback(async () => {
    const { hasMore, cursor } = latest.current;
    if (loading.current || !hasMore || cursor === null) return;
    loading.current = true;
    try {
      const page = await readPage(queueId, currentFilter(), PAGE, cursor);
      setList((before) => (before.cursor === cursor ? appendPage(before, page) : before));
    } catch (problem) {
      setError(problem as ApiError);
    } finally {
      loading.current = false;
    }
  }, [queueId, currentFilter]);

  return { list, loaded, error, loadMore };
}
