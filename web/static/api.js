// Talking to the server: a session cookie, GraphQL, and server-sent events.

export class ApiError extends Error {
  constructor(status, message, hint) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/** The header cannot be sent by another site, so that a cookie alone does nothing. */
export async function api(method, path, body) {
  const headers = { "X-Slipway-Csrf": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new ApiError(0, "The server does not answer.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const error = answer.error ?? answer.errors?.[0] ?? {};
    throw new ApiError(response.status, error.message ?? `The server answers with status ${response.status}.`, error.hint ?? error.extensions?.hint);
  }
  return answer;
}

export async function query(document, variables) {
  return (await api("POST", "/graphql", { query: document, variables })).data;
}

export const signIn = (key) => api("POST", "/api/session", { key });
export const signOut = () => api("DELETE", "/api/session");

/** Calls `changed` for every change of the topic ("" for all), and `connected` with whether the stream is there. The browser reconnects by itself. */
export function watch(topic, changed, connected) {
  const source = new EventSource(`/api/events${topic ? `?topic=${encodeURIComponent(topic)}` : ""}`);
  for (const kind of ["item", "queue", "agent", "run", "reset"]) source.addEventListener(kind, changed);
  source.addEventListener("open", () => { connected(true); changed(); });
  source.addEventListener("error", () => connected(false));
  return source;
}
