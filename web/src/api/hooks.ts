// Reading and changing through the cache. A query says which live events touch it; it is then asked again, at most a few times a second.
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { execute } from "./client";
import type { ApiError } from "./errors";
import { liveFeed, type LiveEvent } from "./live";
import { throttle } from "@/lib/throttle";
import type { TypedDocumentString } from "@/generated/graphql";

/** Often enough to feel immediate, seldom enough for a queue that moves a thousand items a second. */
const REFRESH_MS = 300;
/** For what changes by the mere passing of time: agents that fall silent, reasons to wait. */
const SLOW_REFRESH_MS = 20_000;

export interface LiveOptions {
  /** Events that make the answer old; "reset" always does. Without it the query is not live. */
  touchedBy?: (event: LiveEvent) => boolean;
  enabled?: boolean;
  keepPrevious?: boolean;
}

export function useApi<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables, options: LiveOptions = {}): UseQueryResult<Result, ApiError> {
  const client = useQueryClient();
  const { touchedBy, enabled = true, keepPrevious = false } = options;
  const key = [document.toString(), variables] as const;
  const live = useRef({ key, touchedBy });
  live.current = { key, touchedBy };
  const isLive = touchedBy !== undefined;

  useEffect(() => {
    if (!isLive || !enabled) return undefined;
    const refresh = throttle(() => void client.invalidateQueries({ queryKey: live.current.key, exact: true }), REFRESH_MS);
    const stop = liveFeed.subscribe((event) => {
      if (event.kind === "reset" || live.current.touchedBy?.(event)) refresh();
    });
    return () => {
      stop();
      refresh.cancel();
    };
  }, [client, isLive, enabled]);

  return useQuery<Result, ApiError>({
    queryKey: key,
    queryFn: ({ signal }) => execute(document, variables, signal),
    enabled,
    refetchInterval: isLive ? SLOW_REFRESH_MS : false,
    placeholderData: keepPrevious ? (previous) => previous : undefined,
  });
}

/** A mutation; what is on the page is asked for anew when it has succeeded. */
export function useChange<Result, Variables>(document: TypedDocumentString<Result, Variables>) {
  const client = useQueryClient();
  return useMutation<Result, ApiError, Variables>({
    mutationFn: (variables) => execute(document, variables),
    onSuccess: () => client.invalidateQueries(),
  });
}
