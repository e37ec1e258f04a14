import { CopyButton, Button } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { useT } from "@/i18n";

/** A key that was just made: the server shows it this once. */
export function NewKey({ apiKey, onClose }: { apiKey: string | null; onClose: () => void }) {
  const t = useT();
  if (!apiKey) return null;
  return (
    <div className="note warn" role="status">
      <Icon name="info" />
      <div>
        <p>{t("Copy the new key now: it is not shown again.")}</p>
        <code className="new-key">{apiKey}</code>
      </div>
      <CopyButton text={apiKey} label={t("Copy the key")} />
      <Button kind="quiet" icon="close" aria-label={t("Close")} onClick={onClose} />
    </div>
  );
}
