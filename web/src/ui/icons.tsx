// The few icons of the app, drawn on a 16 by 16 grid with the text's colour. They only accompany a text.
import type { ReactNode } from "react";

const shapes = {
  queue: <path d="M2.5 3.5h11M2.5 8h11M2.5 12.5h7" />,
  jobs: <path d="M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.8 5.2 8 8.2l5.2-3M8 8.2v5.7" />,
  runs: <path d="M2 12.5 5.5 7l3 3 5-7M10.5 3h3v3" />,
  settings: <path d="M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M11 2.8v3.4M5 9.8v3.4" />,
  plus: <path d="M8 3v10M3 8h10" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  check: <path d="m3 8.5 3.2 3L13 4.5" />,
  close: <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" />,
  search: <path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.4 10.4l3.4 3.4" />,
  stop: <path d="M4 4h8v8H4z" />,
  play: <path d="M4.5 3v10l8-5z" />,
  pause: <path d="M5 3.5v9M11 3.5v9" />,
  retry: <path d="M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3h-3" />,
  download: <path d="M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M2.5 13.5h11" />,
  chevron: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  down: <path d="M3.5 6 8 10.5 12.5 6" />,
  warning: <path d="M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.4v.4" />,
  info: <path d="M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 7.2v4M8 4.7v.4" />,
  link: <path d="M9.5 2.5h4v4M13.2 2.8 7.5 8.5M11.5 9v4.5h-9v-9H7" />,
  user: <path d="M8 2.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM2.8 14c.4-2.8 2.5-4.3 5.2-4.3s4.8 1.5 5.2 4.3" />,
  moon: <path d="M13.5 9.8A6 6 0 1 1 6.2 2.5a4.8 4.8 0 0 0 7.3 7.3z" />,
  more: <path d="M3.5 8h.1M8 8h.1M12.5 8h.1" strokeWidth="2.2" />,
  edit: <path d="M10.5 2.7 13.3 5.5 5.5 13.3l-3.3.5.5-3.3z" />,
  trash: <path d="M3 4.5h10M6.5 4.5V2.5h3v2M4.2 4.5l.6 9h6.4l.6-9" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}
