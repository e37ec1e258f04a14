// Settings: the own account and its keys, and the teams with their members.
import { AccountDocument } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { ErrorNote, Loading, Tabs } from "@/ui/basics";
import { useT } from "@/i18n";
import { usePageTitle } from "@/lib/pageTitle";
import { routes } from "@/routes";
import { AccountPart } from "./AccountPart";
import { AuditPart } from "./AuditPart";
import { TeamsPart } from "./TeamsPart";

export function SettingsPage({ part }: { part: string }) {
  const t = useT();
  usePageTitle(t("Settings"));
  const { data, error, isPending } = useApi(AccountDocument, {});
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <h1>{t("Settings")}</h1>
          {data && <p>slipway {data.serverInfo?.version}</p>}
        </div>
      </div>
      <Tabs
        label={t("Parts of the settings")}
        links={[
          { href: routes.settings(), label: t("You"), current: part === "you" },
          { href: routes.settings("teams"), label: t("Teams and people"), current: part === "teams" },
          { href: routes.settings("audit"), label: t("Audit log"), current: part === "audit" },
        ]}
      />
      {isPending && <Loading />}
      <ErrorNote error={error} />
      {data?.viewer && part === "you" && <AccountPart viewer={data.viewer} />}
      {data?.viewer && part === "teams" && <TeamsPart viewer={data.viewer} />}
      {data?.viewer && part === "audit" && <AuditPart />}
    </>
  );
}
