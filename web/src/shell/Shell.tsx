import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useSession, useWho } from "@/api/session";
import { useLiveStatus } from "@/api/live";
import { Icon, type IconName } from "@/ui/icons";
import { Menu } from "@/ui/overlay";
import { useSpeech, type Message } from "@/i18n";
import { chooseTheme, useDark } from "@/lib/theme";
import { isTyping } from "@/lib/keys";
import { routes } from "@/routes";

const Palette = lazy(() => import("@/palette/Palette").then((module) => ({ default: module.Palette })));

const PLACES: { href: string; label: Message; icon: IconName; here: (path: string) => boolean }[] = [
  { href: routes.launch(), label: "Launch", icon: "queue", here: (path) => /^\/launch|^\/[^/]+\/(launch|queues)(\/|$)/.test(path) },
  { href: routes.jobs, label: "Jobs", icon: "jobs", here: (path) => path === "/jobs" || /^\/[^/]+\/[^/]+\/jobs(\/|$)/.test(path) },
  { href: routes.projects, label: "Runs", icon: "runs", here: (path) => path === "/projects" || /^\/[^/]+\/(?!launch|queues)[^/]+(\/runs.*)?$/.test(path) },
  { href: routes.settings(), label: "Settings", icon: "settings", here: (path) => path.startsWith("/settings") },
];

function currentPlace(path: string): string | undefined {
  if (path.startsWith("/settings")) return routes.settings();
  if (path.startsWith("/launch")) return routes.launch();
  return PLACES.find((place) => place.here(path))?.href;
}

function LiveMark() {
  const { t } = useSpeech();
  const status = useLiveStatus();
  return (
    <span className={`live ${status}`} role="status">
      <span className="dot" aria-hidden="true" />
      {status === "live" ? t("Live") : t("Reconnecting…")}
    </span>
  );
}

function AccountMenu() {
  const { t, language, setLanguage } = useSpeech();
  const { signOut } = useSession();
  const who = useWho();
  const dark = useDark();
  return (
    <Menu
      label={t("{name}: account and appearance", { name: who.username })}
      text={who.username}
      icon="user"
      entries={[
        { label: dark ? t("Light appearance") : t("Dark appearance"), icon: "moon", onSelect: () => chooseTheme(dark ? "light" : "dark") },
        { label: language === "en" ? "日本語" : "English", icon: "edit", onSelect: () => setLanguage(language === "en" ? "ja" : "en") },
        { label: t("Sign out"), icon: "close", onSelect: () => void signOut() },
      ]}
    />
  );
}

/** Ctrl-K or ⌘-K anywhere, "?" outside of fields. */
function usePaletteKey(open: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const asked = ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") || (event.key === "?" && !isTyping(event));
      if (!asked) return;
      event.preventDefault();
      open();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open]);
}

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useSpeech();
  const [path] = useLocation();
  const [palette, setPalette] = useState(false);
  usePaletteKey(() => setPalette(true));
  const here = currentPlace(path);
  const brand = (
    <Link href={routes.launch()} className="brand">
      <img src={`${import.meta.env.BASE_URL}slipway.svg`} alt="" width="24" height="24" />
      slipway
    </Link>
  );
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t("Skip to the content")}
      </a>
      <header className="phone-bar">
        {brand}
        <span className="spring" />
        <button type="button" className="button quiet" aria-label={t("Search and commands")} onClick={() => setPalette(true)}>
          <Icon name="search" />
        </button>
        <AccountMenu />
      </header>
      <aside className="side" aria-label={t("Navigation")}>
        {brand}
        <button type="button" className="side-search" onClick={() => setPalette(true)}>
          <Icon name="search" size={14} />
          {t("Search")}
          <kbd>{navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        <nav aria-label={t("Main")}>
          {PLACES.map((place) => (
            <Link key={place.href} href={place.href} aria-current={place.href === here ? "page" : undefined}>
              <Icon name={place.icon} />
              {t(place.label)}
            </Link>
          ))}
        </nav>
        <div className="side-foot">
          <LiveMark />
          <AccountMenu />
        </div>
      </aside>
      <main className="content" id="content" tabIndex={-1}>
        {children}
      </main>
      {palette && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
    </div>
  );
}
