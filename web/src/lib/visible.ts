// Browsers give one server a handful of connections, shared by all tabs: what is followed is only followed where somebody looks.

/** Runs `work` while the page is in sight, with a signal that ends when it is hidden; again whenever it comes back. The value ends it for good. */
export function whileVisible(work: (signal: AbortSignal) => void): () => void {
  let abort: AbortController | null = null;
  const look = () => {
    if (document.visibilityState === "visible") {
      if (abort) return;
      abort = new AbortController();
      work(abort.signal);
    } else {
      abort?.abort();
      abort = null;
    }
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    abort?.abort();
    abort = null;
  };
}
