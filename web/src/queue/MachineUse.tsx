// CPU, memory and GPU use of the newest runs, over their duration: from what their SDK measured.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import type { MonitorItemFragment } from "@/generated/graphql";
import { Card, Loading } from "@/ui/basics";
import { useT, type Message } from "@/i18n";
import { align } from "@/plot/align";
import { lineColor } from "@/plot/colors";
import { readFrames, type RunName } from "@/run/logSource";
import { MetricsModel, type Series } from "@/run/metrics";
import { MACHINE } from "@/run/useMetrics";

const Plot = lazy(() => import("@/plot/Plot"));
const MOST_RUNS = 8;
const REFRESH_MS = 30_000;

const MEASURES: { word: string; label: Message; matches: (name: string) => boolean; unit: string }[] = [
  { word: "gpu", label: "GPU use by a job", matches: (name) => /gpu\.\d+\.gpu$/.test(name), unit: "%" },
  { word: "gpu-memory", label: "GPU memory by a job", matches: (name) => /gpu\.\d+\.memoryAllocated$/.test(name), unit: "%" },
  { word: "cpu", label: "CPU use by a job", matches: (name) => /(^|\.)cpu$/.test(name), unit: "%" },
  { word: "memory", label: "System memory by a job", matches: (name) => /(^|\.)(memory_percent|memory)$/.test(name), unit: "%" },
];

interface Measured {
  name: string;
  series: Map<string, Series>;
}

async function readMachine(run: RunName, signal: AbortSignal): Promise<Map<string, Series>> {
  const model = new MetricsModel(MACHINE.axis);
  for await (const frame of readFrames(run, { from: 0, file: MACHINE.file }, signal)) if (frame.lines && frame.first !== undefined) model.addLines(frame.first, frame.lines);
  return model.series;
}

export function MachineUse({ items }: { items: MonitorItemFragment[] }) {
  const t = useT();
  const [word, setWord] = useState("");
  const runs = useMemo(() => items.flatMap((item) => (item.run && item.runningAt ? [item.run] : [])).slice(0, MOST_RUNS), [items]);
  const { data } = useQuery<Measured[]>({
    queryKey: ["machine use", runs.map((run) => run.id)],
    refetchInterval: REFRESH_MS,
    placeholderData: (previous) => previous,
    queryFn: async ({ signal }) => {
      const read: Measured[] = [];
      // One after the other: the browser has few connections, and somebody may be following a log.
      for (const run of runs) read.push({ name: run.displayName || run.name, series: await readMachine(run, signal).catch(() => new Map<string, Series>()) });
      return read;
    },
  });
  const offered = MEASURES.filter((measure) => data?.some((run) => [...run.series.keys()].some(measure.matches)));
  const measure = offered.find((each) => each.word === word) ?? offered[0];
  const plot = useMemo(() => {
    if (!measure || !data) return null;
    const lines = data.flatMap((run) => [...run.series].filter(([name]) => measure.matches(name)).map(([name, series]) => ({ label: /\d/.test(name) ? `${run.name} ${name.match(/\d+/)?.[0]}` : run.name, series })));
    const { x, ys } = align(lines.map((line) => line.series));
    return { x, lines: lines.map((line, index) => ({ label: line.label, y: ys[index]!, color: lineColor(index) })) };
  }, [measure, data]);
  if (!measure || !plot) return null;
  return (
    <Card
      title={t(measure.label)}
      extra={
        offered.length > 1 && (
          <select className="input small" aria-label={t("What is measured")} value={measure.word} onChange={(event) => setWord(event.target.value)}>
            {offered.map((each) => (
              <option key={each.word} value={each.word}>
                {t(each.label)}
              </option>
            ))}
          </select>
        )
      }
    >
      <Suspense fallback={<Loading />}>
        <Plot label={t(measure.label)} x={plot.x} lines={plot.lines} unit={measure.unit} />
      </Suspense>
      <p className="hint">{t("Over the seconds that each run has taken; the newest {count} runs.", { count: MOST_RUNS })}</p>
    </Card>
  );
}
