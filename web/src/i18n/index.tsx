// English and Japanese. The English sentence is the key, so that the code can be read; ja.ts has every one of them (the compiler checks).
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { formatMessage, type Values } from "./format";
import type ja from "./ja";

export type Message = keyof typeof ja;
export type Language = "en" | "ja";
export type Translate = (message: Message, values?: Values) => string;

interface Speech {
  language: Language;
  setLanguage: (language: Language) => void;
  t: Translate;
}

const STORED = "slipway.language";
const SpeechContext = createContext<Speech | null>(null);

function preferred(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "en" || stored === "ja") return stored;
  return navigator.language.startsWith("ja") ? "ja" : "en";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState<Language>(preferred);
  const [dictionary, setDictionary] = useState<Record<string, string> | null>(null);

  useEffect(() => {
    document.documentElement.lang = language;
    if (language === "en") setDictionary({});
    else void import("./ja").then((module) => setDictionary(module.default));
  }, [language]);

  const setLanguage = useCallback((next: Language) => {
    localStorage.setItem(STORED, next);
    choose(next);
  }, []);

  const value = useMemo<Speech>(() => {
    const t: Translate = (message, values) => formatMessage(dictionary?.[message] ?? message, values);
    return { language, setLanguage, t };
  }, [language, setLanguage, dictionary]);
  return dictionary ? <SpeechContext value={value}>{children}</SpeechContext> : null;
}

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error("useSpeech outside of LanguageProvider");
  return speech;
}

export function useT(): Translate {
  return useSpeech().t;
}
