// Who is signed in. The key is exchanged for a cookie that scripts cannot read; nothing of it stays here.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { request, whenSignedOut } from "./client";
import { ApiError } from "./errors";
import { liveFeed } from "./live";

interface SessionAnswer {
  username: string;
  /** The one that the person works in by default comes first. */
  entities: string[];
  admin?: boolean;
}

interface Session {
  state: "loading" | "out" | "in";
  who: SessionAnswer | null;
  error: ApiError | null;
  signIn: (key: string) => Promise<void>;
  signOut: () => Promise<void>;
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<Session["state"]>("loading");
  const [who, setWho] = useState<SessionAnswer | null>(null);
  const [error, setError] = useState<ApiError | null>(null);

  const leave = useCallback(() => {
    liveFeed.stop();
    client.clear();
    setWho(null);
    setState("out");
  }, [client]);

  const enter = useCallback((answer: SessionAnswer) => {
    setWho(answer);
    setError(null);
    setState("in");
    liveFeed.start();
  }, []);

  useEffect(() => {
    whenSignedOut(leave);
    request<SessionAnswer>("GET", "/api/session").then(enter, (problem: ApiError) => {
      if (problem.status !== 401) setError(problem);
      leave();
    });
  }, [enter, leave]);

  const signIn = useCallback(async (key: string) => enter(await request<SessionAnswer>("POST", "/api/session", { key })), [enter]);
  const signOut = useCallback(async () => {
    await request("DELETE", "/api/session").catch(() => undefined);
    leave();
  }, [leave]);

  const value = useMemo(() => ({ state, who, error, signIn, signOut }), [state, who, error, signIn, signOut]);
  return <SessionContext value={value}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside of SessionProvider");
  return session;
}

/** For pages that are shown to people who are signed in. */
export function useWho(): SessionAnswer {
  const { who } = useSession();
  if (!who) throw new Error("nobody is signed in");
  return who;
}
