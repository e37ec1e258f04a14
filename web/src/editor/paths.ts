export type Path = (string | number)[];

/** "ResourceConfig.InstanceType", "env[0]" */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${part}` : part), "");
}

/** The server's words for a place ("config.env[0]", "resource_args.x.y") as steps. */
export function parsePath(text: string): Path {
  return [...text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map((match) => (match[2] !== undefined ? Number(match[2]) : (match[1] ?? "")));
}

/** "/properties/0/a~1b" */
export function parsePointer(pointer: string): Path {
  return pointer
    .replace(/^#?\/?/, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => {
      const plain = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      return /^\d+$/.test(plain) ? Number(plain) : plain;
    });
}

/** Every text in a document with its path. */
export function* textLeaves(value: unknown, path: Path = []): Generator<[Path, string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value)) for (const [index, inner] of value.entries()) yield* textLeaves(inner, [...path, index]);
  else if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) yield* textLeaves(inner, [...path, key]);
}
