import { Empty, LinkButton } from "@/ui/basics";
import { useT } from "@/i18n";
import { routes } from "@/routes";

export function NotFound({ what }: { what?: string }) {
  const t = useT();
  return (
    <Empty title={what ?? t("There is nothing at this address.")} icon="search">
      <LinkButton href={routes.launch()}>{t("Go to Launch")}</LinkButton>
    </Empty>
  );
}
