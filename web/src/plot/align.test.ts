import { expect, it } from "vitest";
import { align } from "./align";

it("lines up series with different places", () => {
  expect(
    align([
      { x: [0, 2], y: [1, 3] },
      { x: [1, 2], y: [5, 6] },
    ]),
  ).toEqual({ x: [0, 1, 2], ys: [[1, null, 3], [null, 5, 6]] });
});
