import type { Message } from "@/i18n";

/** By their number on the wire: 0 goes first. */
export const PRIORITIES: Message[] = ["Critical", "High", "Medium", "Low"];
export const DEFAULT_PRIORITY = 2;
