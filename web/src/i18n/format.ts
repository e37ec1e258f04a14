export type Values = Record<string, string | number>;

/** Puts values into "{name}" places. "{count|item|items}" chooses a word by the number: one, or another number. */
export function formatMessage(message: string, values: Values = {}): string {
  return message.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (place, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return place;
    if (one === undefined || other === undefined) return String(value);
    return Number(value) === 1 ? one : other;
  });
}
