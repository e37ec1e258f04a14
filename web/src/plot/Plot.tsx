// A line plot (uPlot). Loaded only by the pages that draw.
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useDark } from "@/lib/theme";

export interface PlotLine {
  label: string;
  y: (number | null)[];
  color: string;
  fill?: boolean;
  stepped?: boolean;
}

const FEW = 20;

interface Props {
  label: string;
  x: number[];
  lines: PlotLine[];
  /** x are seconds since 1970. */
  time?: boolean;
  height?: number;
  /** Plots of the same group show the same place under the pointer. */
  group?: string;
  unit?: string;
}

function colorOf(element: Element, color: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  return name ? getComputedStyle(element).getPropertyValue(name).trim() : color;
}

function axis(element: Element, unit = ""): uPlot.Axis {
  return {
    stroke: colorOf(element, "var(--muted)"),
    grid: { stroke: colorOf(element, "var(--line)"), width: 1 },
    ticks: { show: false },
    font: `11px ${getComputedStyle(element).fontFamily}`,
    ...(unit ? { values: (_plot: uPlot, values: number[]) => values.map((value) => `${value}${unit}`) } : {}),
  };
}

function optionsFor(element: HTMLElement, { lines, time = false, height = 200, group, unit }: Props): uPlot.Options {
  return {
    width: Math.max(element.clientWidth, 100),
    height,
    padding: [10, 12, 0, 0],
    cursor: { sync: group ? { key: group } : undefined, points: { size: 6 } },
    legend: { live: true },
    scales: { x: { time } },
    axes: [axis(element), { ...axis(element, unit), size: 58 }],
    series: [
      { label: time ? "" : "x" },
      ...lines.map((line) => ({
        label: line.label,
        stroke: colorOf(element, line.color),
        fill: line.fill ? `color-mix(in srgb, ${colorOf(element, line.color)} 14%, transparent)` : undefined,
        width: 1.6,
        spanGaps: true,
        // Few values make no line that could be seen.
        points: { show: line.y.filter((value) => value !== null).length < FEW },
        paths: line.stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined,
      })),
    ],
  };
}

export default function Plot(props: Props) {
  const { label, x, lines } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = useDark();
  const shape = lines.map((line) => `${line.label} ${line.y.filter((value) => value !== null).length < FEW}`).join("\n");
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const { x: places, lines: drawn } = latest.current;
    const made = new uPlot(optionsFor(element, latest.current), [places, ...drawn.map((line) => line.y)] as uPlot.AlignedData, element);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: Math.max(element.clientWidth, 100), height: made.height }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, dark]);

  useEffect(() => {
    plot.current?.setData([x, ...lines.map((line) => line.y)] as uPlot.AlignedData);
  }, [x, lines]);

  return <div ref={place} className="plot" role="img" aria-label={label} />;
}
