// The items of a queue: filters in the address, a virtualised table, actions on several at once.
import { useMemo, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { CancelItemsDocument, CountItemsDocument, PrioritizeItemsDocument, type ItemRowFragment, type QueuePageFragment, type RunQueueItemSort, type RunQueueItemState } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { Button, Card, ErrorNote, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { Menu } from "@/ui/overlay";
import { useToasts } from "@/ui/toasts";
import { useT, type Message } from "@/i18n";
import { useKeys } from "@/lib/keys";
import { useSettled } from "@/lib/useSettled";
import { EmptyQueue } from "./EmptyQueue";
import { ItemDrawer } from "./ItemDrawer";
import { ItemTable } from "./ItemTable";
import { PRIORITIES } from "./priorities";
import { useItems } from "./useItems";
import { hasEnded } from "@/ui/phase";

const FILTERS: { word: string; label: Message; states: RunQueueItemState[] | null }[] = [
  { word: "", label: "All", states: null },
  { word: "waiting", label: "Waiting", states: ["PENDING"] },
  { word: "running", label: "Running", states: ["LEASED", "CLAIMED", "STARTING", "RUNNING", "PREEMPTED"] },
  { word: "finished", label: "Finished", states: ["FINISHED"] },
  { word: "failed", label: "Failed", states: ["FAILED"] },
  { word: "stopped", label: "Stopped", states: ["STOPPED"] },
];

const ORDERS: { word: string; label: Message; sort: RunQueueItemSort; newestFirst: boolean }[] = [
  { word: "", label: "Newest first", sort: "CREATED", newestFirst: true },
  { word: "queue", label: "Oldest first", sort: "CREATED", newestFirst: false },
  { word: "priority", label: "By priority", sort: "PRIORITY", newestFirst: false },
  { word: "started", label: "Last started first", sort: "STARTED", newestFirst: true },
  { word: "finished", label: "Last ended first", sort: "FINISHED", newestFirst: true },
  { word: "author", label: "By author", sort: "AUTHOR", newestFirst: false },
  { word: "run", label: "By run", sort: "RUN", newestFirst: false },
];
const SEARCH_DELAY_MS = 250;

export function RunsTab({ queue }: { queue: QueuePageFragment }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const field = useRef<HTMLInputElement>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const filter = FILTERS.find((each) => each.word === (search.get("state") ?? "")) ?? FILTERS[0]!;
  const order = ORDERS.find((each) => each.word === (search.get("order") ?? "")) ?? ORDERS[0]!;
  const text = search.get("q") ?? "";
  const searched = useSettled(text.trim(), SEARCH_DELAY_MS) || null;
  const { list, loaded, error, loadMore } = useItems(queue.id, { states: filter.states, newestFirst: order.newestFirst, search: searched, sort: order.sort });
  const counted = useApi(CountItemsDocument, { id: queue.id, states: filter.states, search: searched }, { keepPrevious: true, touchedBy: (event) => event.queueId === queue.id });
  const total = counted.data?.runQueue?.items.totalCount;
  const items = useMemo(() => list.ids.flatMap((id) => list.byId.get(id) ?? []), [list]);
  const openId = search.get("item");
  useKeys({ "/": () => field.current?.focus() });

  const put = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const chosen = [...selected].flatMap((id) => list.byId.get(id) ?? []);

  return (
    <div className="stack">
      <div className="filters">
        <div className="segmented" role="group" aria-label={t("State")}>
          {FILTERS.map((each) => (
            <button key={each.word} type="button" aria-pressed={each === filter} onClick={() => put("state", each.word)}>
              {t(each.label)}
            </button>
          ))}
        </div>
        <span className="search">
          <Icon name="search" size={14} />
          <input ref={field} className="input small" type="search" placeholder={t("Search")} aria-label={t("Search the items")} value={text} onChange={(event) => put("q", event.target.value)} />
        </span>
        <select className="input small" aria-label={t("Order")} value={order.word} onChange={(event) => put("order", event.target.value)}>
          {ORDERS.filter((each) => each.sort !== "PRIORITY" || queue.prioritizationMode === "V0").map((each) => (
            <option key={each.word} value={each.word}>
              {t(each.label)}
            </option>
          ))}
        </select>
        {typeof total === "number" && (
          <span className="muted" role="status">
            {t("{count} {count|item|items}", { count: total })}
          </span>
        )}
      </div>
      {chosen.length > 0 && <BulkBar items={chosen} prioritized={queue.prioritizationMode === "V0"} onDone={() => setSelected(new Set())} />}
      <ErrorNote error={error} />
      <Card flush>
        {!loaded && !error ? (
          <Loading />
        ) : items.length === 0 ? (
          filter.states || searched ? (
            <p className="nothing muted">{t("No item matches.")}</p>
          ) : (
            <EmptyQueue queue={queue} />
          )
        ) : (
          <ItemTable
            items={items}
            prioritized={queue.prioritizationMode === "V0"}
            selected={selected}
            onSelect={setSelected}
            onOpen={(item) => put("item", item.id)}
            onNearEnd={() => void loadMore()}
          />
        )}
      </Card>
      <ItemDrawer id={openId} onClose={() => put("item", "")} />
    </div>
  );
}

function BulkBar({ items, prioritized, onDone }: { items: ItemRowFragment[]; prioritized: boolean; onDone: () => void }) {
  const t = useT();
  const { say, complain } = useToasts();
  const cancel = useChange(CancelItemsDocument);
  const prioritize = useChange(PrioritizeItemsDocument);
  const stoppable = items.filter((item) => !hasEnded(item.phase)).map((item) => item.id);
  const waiting = items.filter((item) => item.phase === "PENDING").map((item) => item.id);
  const done = (changed: number) => {
    say(t("{count} {count|item|items} changed.", { count: changed }));
    onDone();
  };
  const stop = () => cancel.mutate({ input: { ids: stoppable } }, { onSuccess: (answer) => done(answer.cancelRunQueueItems?.changed ?? 0), onError: complain });
  const setPriority = (priority: number) =>
    prioritize.mutate({ input: { ids: waiting, priority } }, { onSuccess: (answer) => done(answer.setRunQueueItemPriority?.changed ?? 0), onError: complain });
  return (
    <div className="bulk" role="region" aria-label={t("Selected items")}>
      <strong>{t("{count} selected", { count: items.length })}</strong>
      <Button kind="danger" icon="stop" busy={cancel.isPending} disabled={stoppable.length === 0} onClick={stop}>
        {t("Stop")}
      </Button>
      {prioritized && waiting.length > 0 && (
        <Menu label={t("Set priority")} text={t("Set priority")} icon="down" entries={PRIORITIES.map((name, priority) => ({ label: t(name), onSelect: () => setPriority(priority) }))} />
      )}
      <span className="spring" />
      <Button kind="quiet" onClick={onDone}>
        {t("Clear")}
      </Button>
    </div>
  );
}
