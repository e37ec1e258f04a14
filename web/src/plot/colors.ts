/** Distinguishable on light and dark; the first is the app's own. */
export const LINE_COLORS = ["var(--line-1)", "var(--line-2)", "var(--line-3)", "var(--line-4)", "var(--line-5)", "var(--line-6)", "var(--line-7)", "var(--line-8)"];

export const lineColor = (index: number) => LINE_COLORS[index % LINE_COLORS.length]!;
