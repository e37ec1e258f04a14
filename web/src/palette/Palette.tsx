// The command palette: go anywhere, do the common things, and see the keys.
import { ComboboxProvider, Combobox, ComboboxItem, ComboboxList, Dialog } from "@ariakit/react";
import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { EntityProjectsDocument, EntityQueuesDocument } from "@/generated/graphql";
import { execute } from "@/api/client";
import { useSession, useWho } from "@/api/session";
import { Icon, type IconName } from "@/ui/icons";
import { useSpeech } from "@/i18n";
import { nodesOf } from "@/lib/nodes";
import { chooseTheme, useDark } from "@/lib/theme";
import { routes } from "@/routes";
import { rank } from "./rank";

interface Command {
  id: string;
  label: string;
  detail: string;
  icon: IconName;
  run: () => void;
}

const MOST_SHOWN = 12;

function usePlaces(go: (to: string) => void): Command[] {
  const { entities } = useWho();
  const answers = useQueries({
    queries: entities.map((entity) => ({
      queryKey: ["palette", entity],
      queryFn: async () => {
        const [queues, projects] = await Promise.all([execute(EntityQueuesDocument, { entity }), execute(EntityProjectsDocument, { entity })]);
        return { queues: queues.entity?.runQueues ?? [], projects: nodesOf(projects.entity?.projects) };
      },
    })),
  });
  return answers.flatMap(({ data }, index) => {
    const entity = entities[index] ?? "";
    if (!data) return [];
    return [
      ...data.queues.map((queue): Command => ({ id: queue.id, label: queue.name, detail: entity, icon: "queue", run: () => go(routes.queue(entity, queue.name)) })),
      ...data.projects.map((project): Command => ({ id: project.id, label: project.name, detail: entity, icon: "runs", run: () => go(routes.project(entity, project.name)) })),
    ];
  });
}

function useCommands(go: (to: string) => void): Command[] {
  const { t, language, setLanguage } = useSpeech();
  const { signOut } = useSession();
  const dark = useDark();
  const to = (id: string, label: string, icon: IconName, address: string): Command => ({ id, label, detail: t("Go to"), icon, run: () => go(address) });
  return [
    to("launch", "Launch", "queue", routes.launch()),
    to("create", t("Create queue"), "plus", routes.createQueue),
    to("jobs", t("Jobs"), "jobs", routes.jobs),
    to("runs", t("Runs"), "runs", routes.projects),
    to("settings", t("Settings"), "settings", routes.settings()),
    to("teams", t("Teams and people"), "user", routes.settings("teams")),
    { id: "theme", label: dark ? t("Light appearance") : t("Dark appearance"), detail: t("Do"), icon: "moon", run: () => chooseTheme(dark ? "light" : "dark") },
    { id: "language", label: language === "en" ? "日本語" : "English", detail: t("Do"), icon: "edit", run: () => setLanguage(language === "en" ? "ja" : "en") },
    { id: "out", label: t("Sign out"), detail: t("Do"), icon: "close", run: () => void signOut() },
  ];
}

export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useSpeech();
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const fixed = useCommands(go);
  const places = usePlaces(go);
  const shown = useMemo(() => rank([...fixed, ...places], text, (command) => `${command.label} ${command.detail}`).slice(0, MOST_SHOWN), [fixed, places, text]);
  return (
    <Dialog open onClose={onClose} className="palette" backdrop={<div className="backdrop" />} aria-label={t("Search and commands")}>
      <ComboboxProvider open setValue={setText} value={text}>
        <div className="palette-field">
          <Icon name="search" />
          <Combobox autoSelect="always" autoFocus placeholder={t("Queues, projects, commands…")} aria-label={t("Search and commands")} />
        </div>
        <ComboboxList className="palette-list" alwaysVisible aria-label={t("Results")}>
          {shown.map((command) => (
            <ComboboxItem
              key={command.id}
              className="palette-item"
              value={command.id}
              setValueOnClick={false}
              hideOnClick={false}
              focusOnHover
              onClick={() => {
                onClose();
                command.run();
              }}
            >
              <Icon name={command.icon} />
              <span className="clip">{command.label}</span>
              <span className="muted">{command.detail}</span>
            </ComboboxItem>
          ))}
          {shown.length === 0 && <div className="nothing muted">{t("Nothing is called that.")}</div>}
        </ComboboxList>
      </ComboboxProvider>
      <footer className="palette-foot">
        <span>
          <kbd>j</kbd> <kbd>k</kbd> {t("move in lists")}
        </span>
        <span>
          <kbd>x</kbd> {t("select")}
        </span>
        <span>
          <kbd>e</kbd> {t("details")}
        </span>
        <span>
          <kbd>/</kbd> {t("search")}
        </span>
        <span>
          <kbd>f</kbd> {t("follow the output")}
        </span>
      </footer>
    </Dialog>
  );
}
