// uPlot wants one list of places for all lines: the union, with holes where a line has no value.
import type { Series } from "@/run/metrics";

export function align(series: Series[]): { x: number[]; ys: (number | null)[][] } {
  const places = [...new Set(series.flatMap((each) => each.x))].sort((a, b) => a - b);
  const index = new Map(places.map((place, at) => [place, at]));
  const ys = series.map((each) => {
    const y: (number | null)[] = new Array(places.length).fill(null);
    each.x.forEach((place, at) => (y[index.get(place)!] = each.y[at] ?? null));
    return y;
  });
  return { x: places, ys };
}
