import type { ItemRowFragment } from "@/generated/graphql";

/** Every word of the search is found somewhere in what the row shows. */
export function matches(item: ItemRowFragment, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const shown = [item.run?.name, item.run?.displayName, item.run?.projectName, item.author, item.agentName, item.phase, item.error?.message, item.waitReason].join(" ").toLowerCase();
  return words.every((word) => shown.includes(word));
}
