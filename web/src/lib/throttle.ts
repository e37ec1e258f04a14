export interface Throttled {
  (): void;
  cancel(): void;
}

/** Calls `work` at once and then at most every `ms`; a call in between is made up for at the end of the interval. */
export function throttle(work: () => void, ms: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = () => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      run();
    }, ms);
  };
  run.cancel = () => {
    clearTimeout(timer);
    timer = undefined;
    again = false;
  };
  return run;
}
