// Small parts that every page uses.
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { useId, useState } from "react";
import { Link } from "wouter";
import { Icon, type IconName } from "./icons";
import { useSpeech, useT } from "@/i18n";
import type { ApiError } from "@/api/errors";
import { agoText, clockText, parseTime } from "@/lib/time";
import { useNow } from "@/lib/useNow";

type ButtonKind = "primary" | "plain" | "quiet" | "danger";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  icon?: IconName;
  busy?: boolean;
}

export function Button({ kind = "plain", icon, busy = false, children, className = "", disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button ${kind} ${className}`} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function LinkButton({ kind = "plain", icon, href, children }: { kind?: ButtonKind; icon?: IconName; href: string; children: ReactNode }) {
  return (
    <Link href={href} className={`button ${kind}`}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

export type Tone = "neutral" | "info" | "busy" | "good" | "bad" | "warn" | "special";

export function Pill({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={`pill ${tone}`} title={title}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

export function Card({ title, extra, children, flush = false, id }: { title?: ReactNode; extra?: ReactNode; children?: ReactNode; flush?: boolean; id?: string }) {
  const heading = useId();
  return (
    <section className={flush ? "card flush" : "card"} aria-labelledby={title ? heading : undefined} id={id}>
      {title && (
        <header className="card-head">
          <h2 id={heading}>{title}</h2>
          {extra && <div className="card-extra">{extra}</div>}
        </header>
      )}
      {children && <div className="card-body">{children}</div>}
    </section>
  );
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  children: (ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined }) => ReactNode;
}

/** A labelled control; the message of what is wrong with it stands below and is announced with it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": described, "aria-invalid": error ? true : undefined })}
      {error ? (
        <p className="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      ) : (
        hint && (
          <p className="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

export function CopyCommand({ command, label }: { command: string; label?: string }) {
  const t = useT();
  return (
    <div className="command">
      <code tabIndex={0}>{command}</code>
      <CopyButton text={command} label={label ?? t("Copy")} />
    </div>
  );
}

export function CopyButton({ text, label, quiet = true }: { text: string; label: string; quiet?: boolean }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };
  return (
    <Button kind={quiet ? "quiet" : "plain"} icon={copied ? "check" : "copy"} onClick={() => void copy()} aria-label={copied ? t("Copied") : label}>
      {copied ? t("Copied") : t("Copy")}
    </Button>
  );
}

/** Browsers give the clipboard to secure pages only; slipway is often reached by plain HTTP. */
async function copyText(text: string) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function Empty({ title, children, icon = "info" }: { title: ReactNode; children?: ReactNode; icon?: IconName }) {
  return (
    <div className="empty">
      <span className="empty-mark">
        <Icon name={icon} size={22} />
      </span>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function ErrorNote({ error }: { error: ApiError | null | undefined }) {
  if (!error) return null;
  return (
    <div className="note bad" role="alert">
      <Icon name="warning" />
      <div>
        <p>{error.message}</p>
        {error.problems.length > 0 && (
          <ul>
            {error.problems.map((problem, index) => (
              <li key={index}>
                {problem.path && <code>{problem.path}</code>} {problem.message}
              </li>
            ))}
          </ul>
        )}
        {error.hint && <p className="hint">{error.hint}</p>}
      </div>
    </div>
  );
}

export function Loading() {
  const t = useT();
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{t("Loading…")}</span>
      <div className="bone" />
      <div className="bone short" />
      <div className="bone" />
    </div>
  );
}

export function Ago({ at }: { at: string | null | undefined }) {
  const { language } = useSpeech();
  const now = useNow(10_000);
  const time = parseTime(at);
  if (time === null) return <span className="faint">–</span>;
  return (
    <time dateTime={at ?? undefined} title={clockText(time, language)}>
      {agoText(time, Math.max(now, time), language)}
    </time>
  );
}

export function Clock({ at }: { at: string | null | undefined }) {
  const { language } = useSpeech();
  const time = parseTime(at);
  if (time === null) return <span className="faint">–</span>;
  return <time dateTime={at ?? undefined}>{clockText(time, language)}</time>;
}

export function Facts({ rows }: { rows: [ReactNode, ReactNode][] }) {
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false)
        .map(([name, value], index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export interface TabLink {
  href: string;
  label: ReactNode;
  current: boolean;
}

/** Views of one thing, each with an address of its own. */
export function Tabs({ label, links }: { label: string; links: TabLink[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {links.map((link) => (
        <Link key={link.href} href={link.href} aria-current={link.current ? "page" : undefined}>
          {link.label}
        </Link>
      ))}
    </nav>
  );
}
