import { ApiError } from "./errors";

/** A server that is away may come back; what it refused it will refuse again. */
export function mayRetry(failures: number, error: unknown): boolean {
  if (failures >= 3) return false;
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}
