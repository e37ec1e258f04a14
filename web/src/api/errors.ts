/** One mistake in something that was sent: "config.gpus: …". */
export interface Problem {
  path: string;
  message: string;
  line?: number;
  column?: number;
}

interface WireError {
  message?: string;
  code?: string;
  hint?: string;
  problems?: Partial<Problem>[];
  extensions?: { code?: string; hint?: string; problems?: Partial<Problem>[] };
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code = "",
    readonly hint = "",
    readonly problems: Problem[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** What a server's answer says went wrong: a GraphQL error list, or {"error": {…}} of the other routes. */
export function errorFromAnswer(status: number, answer: unknown): ApiError {
  const body = (answer ?? {}) as { error?: WireError; errors?: WireError[] };
  const first: WireError = body.errors?.[0] ?? body.error ?? {};
  const more = first.extensions ?? first;
  const problems = (more.problems ?? []).map((each) => ({ ...each, path: each.path ?? "", message: each.message ?? "" }));
  return new ApiError(status, first.message ?? `The server answers with status ${status}.`, more.code ?? "", more.hint ?? "", problems);
}
