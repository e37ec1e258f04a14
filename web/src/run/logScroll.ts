// Browsers cannot scroll over elements of any height: beyond a limit the scroll bar stands for a part of the log, not for pixels.
export const ROW_HEIGHT = 19;
const MOST_PIXELS = 6_000_000;

export interface ScrollFrame {
  /** Of the scrolled element. */
  height: number;
  firstLine: number;
  /** Where the first of the shown lines lies. */
  top: number;
}

export function scrollFrame(total: number, scrollTop: number, viewHeight: number): ScrollFrame {
  const natural = total * ROW_HEIGHT;
  const height = Math.min(natural, MOST_PIXELS);
  const reach = Math.max(0, height - viewHeight);
  const at = Math.min(Math.max(0, scrollTop), reach);
  if (natural <= MOST_PIXELS) {
    const firstLine = Math.floor(at / ROW_HEIGHT);
    return { height, firstLine, top: firstLine * ROW_HEIGHT };
  }
  const linesInView = viewHeight / ROW_HEIGHT;
  const exact = reach === 0 ? 0 : (at / reach) * (total - linesInView);
  const firstLine = Math.floor(exact);
  return { height, firstLine, top: at - (exact - firstLine) * ROW_HEIGHT };
}

/** The scroll position that brings a line to the middle of the view. */
export function scrollTopFor(line: number, total: number, viewHeight: number): number {
  const natural = total * ROW_HEIGHT;
  const linesInView = viewHeight / ROW_HEIGHT;
  const first = Math.min(Math.max(0, line - linesInView / 2), Math.max(0, total - linesInView));
  if (natural <= MOST_PIXELS) return first * ROW_HEIGHT;
  return (first / (total - linesInView)) * (MOST_PIXELS - viewHeight);
}
