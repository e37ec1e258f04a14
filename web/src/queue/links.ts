export interface ExternalLink {
  label: string;
  url: string;
}

/** External links as they are stored: {"links": [{"label", "url"}]}. */
export function linksOf(stored: unknown): ExternalLink[] {
  const list = (stored as { links?: unknown } | null)?.links;
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: Partial<ExternalLink>) => (typeof each?.url === "string" ? [{ label: each.label || each.url, url: each.url }] : []));
}
