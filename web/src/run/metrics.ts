// Metrics of a run: the lines of its history or of its machine's measurements as one series a name, in bounded memory.
import { Changing } from "@/lib/changing";

export interface Series {
  x: number[];
  y: number[];
}

const MOST_POINTS = 4_000;

export class MetricsModel extends Changing {
  readonly series = new Map<string, Series>();
  private readonly strides = new Map<string, { every: number; skip: number }>();
  lines = 0;

  /** `axis`: the member of a line that is its place, such as "_step". */
  constructor(private readonly axis: string) {
    super(150);
  }

  addLines(first: number, lines: string[]) {
    lines.forEach((line, index) => {
      if (first + index < this.lines) return;
      this.addLine(first + index, line);
      this.lines = first + index + 1;
    });
    this.tell();
  }

  private addLine(number: number, line: string) {
    let values: unknown;
    try {
      values = JSON.parse(line);
    } catch {
      return;
    }
    if (typeof values !== "object" || values === null) return;
    const place = (values as Record<string, unknown>)[this.axis];
    const x = typeof place === "number" ? place : number;
    for (const [name, y] of numbers(values as Record<string, unknown>)) this.addPoint(name, x, y);
  }

  private addPoint(name: string, x: number, y: number) {
    let series = this.series.get(name);
    if (!series) {
      series = { x: [], y: [] };
      this.series.set(name, series);
      this.strides.set(name, { every: 1, skip: 0 });
    }
    const stride = this.strides.get(name)!;
    if (stride.skip > 0) {
      stride.skip -= 1;
      // The newest value is always there: it stands in for those that are left out.
      series.x[series.x.length - 1] = x;
      series.y[series.y.length - 1] = y;
      return;
    }
    series.x.push(x);
    series.y.push(y);
    stride.skip = stride.every - 1;
    if (series.x.length <= MOST_POINTS) return;
    series.x = series.x.filter((_, index) => index % 2 === 1);
    series.y = series.y.filter((_, index) => index % 2 === 1);
    stride.every *= 2;
  }
}

/** Nested members by their path; what begins with "_" is the client's own. */
function* numbers(values: Record<string, unknown>, prefix = ""): Generator<[string, number]> {
  for (const [key, value] of Object.entries(values)) {
    if (key.startsWith("_")) continue;
    const name = prefix + key;
    if (typeof value === "number" && Number.isFinite(value)) yield [name, value];
    else if (typeof value === "object" && value !== null && !Array.isArray(value)) yield* numbers(value as Record<string, unknown>, `${name}.`);
  }
}
