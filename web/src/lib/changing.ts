// A model that changes faster than a screen: those who watch it hear of many changes at once. Fits useSyncExternalStore.
export class Changing {
  private readonly listeners = new Set<() => void>();
  private told = false;
  version = 0;

  constructor(private readonly everyMs: number) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  readonly snapshot = () => this.version;

  protected tell() {
    this.version += 1;
    if (this.told) return;
    this.told = true;
    setTimeout(() => {
      this.told = false;
      for (const listener of this.listeners) listener();
    }, this.everyMs);
  }
}
