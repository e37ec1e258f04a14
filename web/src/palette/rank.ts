/** What fits a search, best first: words that begin with it before those that merely contain its letters in order. */
export function rank<Item>(items: Item[], search: string, textOf: (item: Item) => string): Item[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return items;
  return items
    .map((item, index) => ({ item, index, score: score(textOf(item).toLowerCase(), wanted) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((each) => each.item);
}

function score(text: string, wanted: string): number {
  if (text.startsWith(wanted)) return 4;
  const at = text.indexOf(wanted);
  if (at > 0) return /[\s/_.-]/.test(text[at - 1] ?? "") ? 3 : 2;
  let from = 0;
  for (const letter of wanted) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return 1;
}
