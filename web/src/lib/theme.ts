// Light, dark, or as the system has it.
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const STORED = "slipway.theme";
const listeners = new Set<() => void>();
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function isDark(): boolean {
  const theme = chosenTheme();
  return theme === "dark" || (theme === "system" && systemDark.matches);
}

export function applyTheme() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  for (const listener of listeners) listener();
}

export function chooseTheme(theme: Theme) {
  localStorage.setItem(STORED, theme);
  applyTheme();
}

systemDark.addEventListener("change", applyTheme);

const watch = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useTheme = () => useSyncExternalStore(watch, chosenTheme);
/** Whether the page is dark now. */
export const useDark = () => useSyncExternalStore(watch, isDark);
