// Runs as bars over time. Dragging chooses a part of the time.
import { useRef, useState, type PointerEvent } from "react";
import type { MonitorItemFragment, RunQueueItemState } from "@/generated/graphql";
import { useSpeech } from "@/i18n";
import { usePhaseWord } from "@/ui/phase";
import type { Bar } from "./monitor";

export interface TimeSpan {
  from: number;
  to: number;
}

const LANE = 12;
const TICKS = 5;
const TONES: Partial<Record<RunQueueItemState, string>> = { FINISHED: "good", FAILED: "bad", STOPPED: "warn" };

interface Props {
  bars: Bar<MonitorItemFragment>[];
  lanes: number;
  from: number;
  to: number;
  chosen: TimeSpan | null;
  onChoose: (span: TimeSpan | null) => void;
}

export function RunBars({ bars, lanes, from, to, chosen, onChoose }: Props) {
  const { t, language } = useSpeech();
  const word = usePhaseWord();
  const frame = useRef<HTMLDivElement>(null);
  const [start, setStart] = useState<number | null>(null);
  const share = (time: number) => ((time - from) / (to - from)) * 100;
  const timeAt = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return from;
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return from + part * (to - from);
  };
  const onMove = (event: PointerEvent) => {
    if (start === null) return;
    const here = timeAt(event);
    onChoose({ from: Math.min(start, here), to: Math.max(start, here) });
  };
  const format = new Intl.DateTimeFormat(language, to - from > 2 * 86_400_000 ? { month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit" });
  return (
    <div className="bars">
      <div
        ref={frame}
        className="bars-frame"
        role="img"
        aria-label={t("{count} {count|run|runs} over time", { count: bars.length })}
        style={{ height: Math.max(lanes, 3) * LANE + 8 }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setStart(timeAt(event));
        }}
        onPointerMove={onMove}
        onPointerUp={() => setStart(null)}
      >
        {bars.map(({ item, from: begin, to: end, lane }) => (
          <span
            key={item.id}
            className={`bar ${TONES[item.phase] ?? "busy"}`}
            title={`${item.run?.displayName || item.run?.name || item.id} · ${word(item.phase)}`}
            style={{ left: `${share(begin)}%`, width: `max(2px, ${share(end) - share(begin)}%)`, top: lane * LANE + 4 }}
          />
        ))}
        {chosen && <span className="brush" style={{ left: `${share(chosen.from)}%`, width: `${share(chosen.to) - share(chosen.from)}%` }} />}
      </div>
      <div className="bars-axis" aria-hidden="true">
        {Array.from({ length: TICKS }, (_, index) => (
          <span key={index}>{format.format(from + ((to - from) * index) / (TICKS - 1))}</span>
        ))}
      </div>
    </div>
  );
}
