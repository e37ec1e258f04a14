// The difference of two documents, line by line, as people read it.
export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
}

export function changedLines(before: unknown, after: unknown): DiffLine[] {
  return diffLines(JSON.stringify(before, null, 2).split("\n"), JSON.stringify(after, null, 2).split("\n"));
}

/** By the longest common subsequence: configurations are short. */
export function diffLines(before: string[], after: string[]): DiffLine[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let a = before.length - 1; a >= 0; a -= 1) {
    for (let b = after.length - 1; b >= 0; b -= 1) {
      lengths[a]![b] = before[a] === after[b] ? lengths[a + 1]![b + 1]! + 1 : Math.max(lengths[a + 1]![b]!, lengths[a]![b + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let a = 0;
  let b = 0;
  while (a < before.length || b < after.length) {
    if (a < before.length && b < after.length && before[a] === after[b]) {
      lines.push({ kind: "same", text: before[a]! });
      a += 1;
      b += 1;
    } else if (a < before.length && (b >= after.length || lengths[a + 1]![b]! >= lengths[a]![b + 1]!)) {
      lines.push({ kind: "removed", text: before[a]! });
      a += 1;
    } else {
      lines.push({ kind: "added", text: after[b]! });
      b += 1;
    }
  }
  return lines;
}

/** The lines around what changed; what is left out between them is one line with "…". */
export function nearChanges(lines: DiffLine[], context = 3): DiffLine[] {
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - context), index + context + 1).some((line) => line.kind !== "same"));
  return lines.flatMap((line, index): DiffLine[] => {
    if (near[index]) return [line];
    return index > 0 && !near[index - 1] ? [] : [{ kind: "same", text: "…" }];
  });
}

/** The members of two documents that differ. */
export function changedMembers(before: unknown, after: unknown): string[] {
  const was = (before ?? {}) as Record<string, unknown>;
  const is = (after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
}
