import { describe, expect, it } from "vitest";
import { appendPage, emptyList, mergeHead, patchItems, type Page } from "./itemList";

interface Thing {
  id: string;
  phase?: string;
}

const page = (ids: string, more = true): Page<Thing> => ({ items: [...ids].map((id) => ({ id })), cursor: ids.at(-1) ?? null, hasMore: more });
const listOf = (ids: string) => appendPage(emptyList<Thing>(), page(ids));

describe("a list of items", () => {
  it("grows by pages and takes no item twice", () => {
    const list = appendPage(listOf("fed"), page("dcb", false));
    expect(list.ids.join("")).toBe("fedcb");
    expect(list.hasMore).toBe(false);
  });

  it("takes new items in at the front and keeps what was loaded", () => {
    const list = mergeHead(appendPage(listOf("fed"), page("cba", false)), page("hgf"));
    expect(list.ids.join("")).toBe("hgfedcba");
    expect(list.hasMore).toBe(false);
  });

  it("begins afresh when more came than a page holds", () => {
    const list = mergeHead(listOf("cba"), page("zyx"));
    expect(list.ids.join("")).toBe("zyx");
    expect(list.hasMore).toBe(true);
  });

  it("replaces changed items in their place and drops what no longer belongs", () => {
    const list = patchItems(listOf("cba"), [{ id: "b", phase: "RUNNING" }, { id: "a", phase: "FAILED" }], [], (item) => item.phase !== "FAILED");
    expect(list.ids.join("")).toBe("cb");
    expect(list.byId.get("b")?.phase).toBe("RUNNING");
  });

  it("drops items that are gone", () => {
    expect(patchItems(listOf("cba"), [], ["c"], () => true).ids.join("")).toBe("ba");
  });
});
