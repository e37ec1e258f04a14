// Talking to the server: the session's cookie and GraphQL. The header cannot be sent by another site, so that a cookie alone does nothing.
import { ApiError, errorFromAnswer } from "./errors";
import type { TypedDocumentString } from "@/generated/graphql";

type SignedOutListener = () => void;
let onSignedOut: SignedOutListener = () => {};

/** Called whenever the server says that there is no session (any more). */
export function whenSignedOut(listener: SignedOutListener) {
  onSignedOut = listener;
}

export async function request<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const headers: Record<string, string> = { "X-Slipway-Csrf": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, "The server does not answer.", "unavailable", "Check that it runs and that this machine reaches it.");
  }
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) {
    if (response.status === 401) onSignedOut();
    throw errorFromAnswer(response.status, answer);
  }
  return answer as Answer;
}

/** Runs one operation. An answer with any error throws: the pages ask for nothing that they could do without. */
export async function execute<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables, signal?: AbortSignal): Promise<Result> {
  const answer = await request<{ data?: Result; errors?: unknown[] }>("POST", "/graphql", { query: document.toString(), variables }, signal);
  if (answer.errors?.length) throw errorFromAnswer(200, answer);
  return answer.data as Result;
}
