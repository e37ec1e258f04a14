// A table of any length: only the rows in sight are in the document. j and k move, Enter opens, x selects.
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import type { ItemRowFragment } from "@/generated/graphql";
import { Ago } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { hasEnded, PhasePill } from "@/ui/phase";
import { useT } from "@/i18n";
import { useKeys } from "@/lib/keys";
import { parseTime, spanText } from "@/lib/time";
import { useNow } from "@/lib/useNow";
import { routes } from "@/routes";
import { PRIORITIES } from "./priorities";

const ROW = 58;

interface Props {
  items: ItemRowFragment[];
  prioritized: boolean;
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  onOpen: (item: ItemRowFragment) => void;
  onNearEnd: () => void;
}

export function ItemTable({ items, prioritized, selected, onSelect, onOpen, onNearEnd }: Props) {
  const t = useT();
  const [, go] = useLocation();
  const frame = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  const [current, setCurrent] = useState(-1);
  useLayoutEffect(() => setOffset(frame.current ? frame.current.getBoundingClientRect().top + window.scrollY : 0), []);
  const rows = useWindowVirtualizer({ count: items.length, estimateSize: () => ROW, overscan: 12, scrollMargin: offset, getItemKey: (index) => items[index]?.id ?? index });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? -1;

  useEffect(() => {
    if (last >= items.length - 15) onNearEnd();
  }, [last, items.length, onNearEnd]);

  const move = (by: number) => {
    const next = Math.min(items.length - 1, Math.max(0, current + by));
    setCurrent(next);
    rows.scrollToIndex(next, { align: "auto" });
  };
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const chosen = items[current];
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => chosen && toggle(chosen.id),
    Enter: () => chosen?.run && go(routes.run(chosen.run.entityName, chosen.run.projectName, chosen.run.name)),
    e: () => chosen && onOpen(chosen),
  });
  const all = items.length > 0 && items.every((item) => selected.has(item.id));

  return (
    <div role="table" aria-label={t("Items")} aria-rowcount={items.length + 1} className={prioritized ? "items with-priority" : "items"}>
      <div role="rowgroup">
        <div role="row" className="item-row item-head">
          <span role="columnheader">
            <input type="checkbox" aria-label={t("Select all that are shown")} checked={all} onChange={() => onSelect(all ? new Set() : new Set(items.map((item) => item.id)))} />
          </span>
          <span role="columnheader">{t("Run")}</span>
          <span role="columnheader">{t("Status")}</span>
          {prioritized && (
            <span role="columnheader" className="wide">
              {t("Priority")}
            </span>
          )}
          <span role="columnheader" className="wide">
            {t("Project and job")}
          </span>
          <span role="columnheader" className="wide">
            {t("Author")}
          </span>
          <span role="columnheader" className="wide">
            {t("Created")}
          </span>
          <span role="columnheader" className="wide">
            {t("Duration")}
          </span>
          <span role="columnheader">
            <span className="visually-hidden">{t("Details")}</span>
          </span>
        </div>
      </div>
      <div role="rowgroup" ref={frame} className="item-space" style={{ height: rows.getTotalSize() }}>
        {visible.map((row) => {
          const item = items[row.index];
          if (!item) return null;
          return (
            <ItemRow
              key={row.key}
              item={item}
              index={row.index}
              top={row.start - offset}
              prioritized={prioritized}
              current={row.index === current}
              selected={selected.has(item.id)}
              onToggle={() => toggle(item.id)}
              onOpen={() => onOpen(item)}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  item: ItemRowFragment;
  index: number;
  top: number;
  prioritized: boolean;
  current: boolean;
  selected: boolean;
  onToggle: () => void;
  onOpen: () => void;
}

function ItemRow({ item, index, top, prioritized, current, selected, onToggle, onOpen }: RowProps) {
  const t = useT();
  const name = item.run?.displayName ?? item.run?.name ?? item.id;
  const why = item.error?.message ?? item.warnings?.at(-1)?.message ?? item.waitReason ?? (hasEnded(item.phase) ? null : item.stage && t("Step: {step}", { step: item.stage }));
  const trouble = item.error ? "bad" : item.warnings?.length ? "warn" : null;
  return (
    <div role="row" aria-rowindex={index + 2} aria-selected={selected} className={current ? "item-row current" : "item-row"} style={{ transform: `translateY(${top}px)` }}>
      <span role="cell">
        <input type="checkbox" aria-label={t("Select {name}", { name })} checked={selected} onChange={onToggle} />
      </span>
      <span role="cell" className="item-main">
        {item.run ? (
          <Link href={routes.run(item.run.entityName, item.run.projectName, item.run.name)} className="strong clip">
            {name}
          </Link>
        ) : (
          <span className="clip">{name}</span>
        )}
        {why && (
          <span className={item.error ? "item-why bad clip" : "item-why clip"} title={why}>
            {why}
          </span>
        )}
      </span>
      <span role="cell">
        <PhasePill phase={item.phase} stopping={item.cancelRequested} unreachable={item.unreachableSince !== null} />
      </span>
      {prioritized && (
        <span role="cell" className="wide muted">
          {t(PRIORITIES[item.priority ?? 2] ?? "Medium")}
        </span>
      )}
      <span role="cell" className="wide muted item-main">
        <span className="clip">{item.run?.projectName}</span>
        {item.job && (
          <span className="item-why clip" title={item.job}>
            {item.job.split("/").at(-1)}
          </span>
        )}
      </span>
      <span role="cell" className="wide muted clip">
        {item.author}
      </span>
      <span role="cell" className="wide muted">
        <Ago at={item.createdAt} />
      </span>
      <span role="cell" className="wide muted">
        <Duration item={item} />
      </span>
      <span role="cell" className="num">
        <button type="button" className={`button quiet ${trouble ?? ""}`} aria-label={trouble ? t("What went wrong with {name}", { name }) : t("Details of {name}", { name })} onClick={onOpen}>
          <Icon name={trouble ? "warning" : "info"} />
        </button>
      </span>
    </div>
  );
}

export function Duration({ item }: { item: Pick<ItemRowFragment, "phase" | "startedAt" | "finishedAt"> }) {
  const now = useNow(1000);
  const from = parseTime(item.startedAt);
  if (from === null) return <span className="faint">–</span>;
  const to = parseTime(item.finishedAt) ?? (hasEnded(item.phase) ? from : now);
  return <>{spanText(Math.max(0, to - from))}</>;
}
