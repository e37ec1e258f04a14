// A long list of items that is kept up to date without asking for all of it again: pages are added at its end, changed items are replaced,
// new ones come in at the front.
export interface Identified {
  id: string;
}

export interface ItemList<Item extends Identified> {
  ids: readonly string[];
  byId: ReadonlyMap<string, Item>;
  /** Where the next page begins. */
  cursor: string | null;
  hasMore: boolean;
}

export interface Page<Item> {
  items: Item[];
  cursor: string | null;
  hasMore: boolean;
}

export function emptyList<Item extends Identified>(): ItemList<Item> {
  return { ids: [], byId: new Map(), cursor: null, hasMore: true };
}

export function appendPage<Item extends Identified>(list: ItemList<Item>, page: Page<Item>): ItemList<Item> {
  const byId = new Map(list.byId);
  const added = page.items.filter((item) => !byId.has(item.id));
  for (const item of page.items) byId.set(item.id, item);
  return { ids: [...list.ids, ...added.map((item) => item.id)], byId, cursor: page.cursor, hasMore: page.hasMore };
}

/** The first page, read anew. When it does not reach down to what is known, the list begins with it afresh. */
export function mergeHead<Item extends Identified>(list: ItemList<Item>, page: Page<Item>): ItemList<Item> {
  const overlaps = page.items.some((item) => list.byId.has(item.id));
  if (!overlaps) return appendPage(emptyList<Item>(), page);
  const byId = new Map(list.byId);
  const fresh = page.items.filter((item) => !list.byId.has(item.id)).map((item) => item.id);
  for (const item of page.items) byId.set(item.id, item);
  return { ...list, ids: [...fresh, ...list.ids], byId };
}

/** Puts changed items in their place. Those that `belongs` refuses, and `gone` ones, leave the list. */
export function patchItems<Item extends Identified>(list: ItemList<Item>, changed: Item[], gone: string[], belongs: (item: Item) => boolean): ItemList<Item> {
  const byId = new Map(list.byId);
  const leaving = new Set(gone);
  for (const item of changed) {
    if (belongs(item)) byId.set(item.id, item);
    else leaving.add(item.id);
  }
  for (const id of leaving) byId.delete(id);
  const ids = leaving.size > 0 ? list.ids.filter((id) => !leaving.has(id)) : list.ids;
  return { ...list, ids, byId };
}
