// The part that creating and changing a queue share: configuration, tiles, and what is wrong with them.
import { useMemo, useState } from "react";
import type { ApiError, Problem } from "@/api/errors";
import { parsePath } from "@/editor/paths";
import { checkConfig, type ConfigText } from "@/editor/ConfigEditor";
import type { PathProblem } from "@/editor/schema";
import { checkTile, findPlaceholders, parseConfiguration, templateVariables, type Tile } from "./template";

/** The server's words for a place in the configuration, without the wrapping. */
function configPath(problem: Problem): PathProblem | null {
  const path = parsePath(problem.path);
  if (path[0] === "templateVariables" || path[0] === "template_variables") return null;
  if (path[0] === "config" || path[0] === "resourceConfig") path.shift();
  if (path[0] === "resource_args") path.splice(0, 2);
  return { path, message: problem.message };
}

export function useQueueForm(start: { config: ConfigText; tiles: Tile[] }, schema: unknown) {
  const [config, putConfig] = useState(start.config);
  const [tiles, setTiles] = useState(start.tiles);
  const [strict, setStrict] = useState(false);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const fromServer = useMemo(() => (refusal?.problems ?? []).flatMap((problem) => configPath(problem) ?? []), [refusal]);
  const checked = useMemo(() => checkConfig(config, schema, fromServer), [config, schema, fromServer]);
  const placeholders = useMemo(() => findPlaceholders(checked.value), [checked]);
  const withoutTile = placeholders.filter((name) => !tiles.some((tile) => tile.name === name));
  const tileMistakes = tiles.some((tile) => Object.keys(checkTile(tile)).length > 0);

  return {
    config,
    tiles,
    checked,
    strict,
    refusal,
    placeholders,
    withoutTile,
    setTiles,
    setConfig: (next: ConfigText) => {
      setRefusal(null);
      putConfig(next);
    },
    setRefusal,
    reset: (config: ConfigText, tiles: Tile[]) => {
      putConfig(config);
      setTiles(tiles);
      setStrict(false);
      setRefusal(null);
    },
    parse: () => setTiles(parseConfiguration(checked.value, tiles)),
    /** True when it may be sent; otherwise everything that is missing is shown. */
    ready: (): boolean => {
      setStrict(true);
      if (withoutTile.length > 0) setTiles(parseConfiguration(checked.value, tiles));
      // What only the server said may have been mended elsewhere: it is asked again.
      return checked.errors === fromServer.length && withoutTile.length === 0 && !tileMistakes;
    },
    input: () => ({ resourceConfig: checked.json === "" ? "{}" : checked.json, templateVariables: JSON.stringify(templateVariables(tiles)) }),
  };
}

export type QueueForm = ReturnType<typeof useQueueForm>;
