// wandb-job.json: what a version of a job says about where it comes from and what it takes.
import { useQuery } from "@tanstack/react-query";
import type { JobVersionFragment } from "@/generated/graphql";
import { nodesOf } from "@/lib/nodes";
import { isObject, parseJson, type JsonObject } from "@/lib/json";

export interface JobSource {
  kind: "repo" | "artifact" | "image" | "";
  /** The git address, the image, or the code artifact. */
  from: string;
  commit: string;
  entryPoint: string[];
  runtime: string;
  dockerfile: string;
  buildContext: string;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const words = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

export function readJobSource(file: unknown): JobSource {
  const job: JsonObject = isObject(file) ? file : {};
  const source: JsonObject = isObject(job.source) ? job.source : {};
  const git: JsonObject = isObject(source.git) ? source.git : {};
  const kind = text(job.source_type);
  return {
    kind: kind === "repo" || kind === "artifact" || kind === "image" ? kind : "",
    from: text(git.remote) || text(source.image) || text(source.artifact),
    commit: text(git.commit),
    entryPoint: words(source.entrypoint),
    runtime: text(job.runtime),
    dockerfile: text(source.dockerfile),
    buildContext: text(source.build_context),
  };
}

export function useJobSource(version: JobVersionFragment | undefined) {
  const address = nodesOf(version?.files)[0]?.directUrl ?? null;
  return useQuery({
    queryKey: ["job source", version?.id],
    enabled: address !== null,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      // The address may name another host name of the same server, which the page may not talk to.
      const { pathname, search } = new URL(address ?? "", location.origin);
      const response = await fetch(pathname + search, { signal });
      return readJobSource(await response.json());
    },
  });
}

/** The schema that draws the form of a job's inputs (D-36); null when the job has none. */
export function inputSchema(version: JobVersionFragment | undefined): JsonObject | null {
  const metadata = parseJson(version?.metadata);
  const schemas = isObject(metadata) && isObject(metadata.input_schemas) ? metadata.input_schemas : null;
  const schema = schemas?.["@wandb.config"];
  return isObject(schema) && isObject(schema.properties) ? schema : null;
}
