import { Button } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { ConfigEditor } from "@/editor/ConfigEditor";
import { useT } from "@/i18n";
import { TemplateTiles } from "./TemplateTiles";
import type { QueueForm } from "./useQueueForm";

/** Configuration, "Parse configuration", and the tiles. */
export function ConfigurationForm({ form, schema, readOnly = false }: { form: QueueForm; schema: unknown; readOnly?: boolean }) {
  const t = useT();
  return (
    <>
      <ConfigEditor value={form.config} onChange={form.setConfig} checked={form.checked} schema={schema} label={t("Configuration")} readOnly={readOnly} />
      {!readOnly && (
        <div className="row">
          <Button onClick={form.parse} disabled={form.checked.value === undefined}>
            {t("Parse configuration")}
          </Button>
          <span className="hint">
            {form.placeholders.length === 0
              ? t("Write {example} in place of a value to let people choose it within limits.", { example: '"{{name}}"' })
              : t("{count} template {count|variable|variables}", { count: form.placeholders.length })}
          </span>
        </div>
      )}
      {form.withoutTile.length > 0 && form.strict && (
        <div className="note bad" role="alert">
          <Icon name="warning" />
          <div>{t("Fill in the tiles of: {names}", { names: form.withoutTile.join(", ") })}</div>
        </div>
      )}
      {form.tiles.length > 0 && <TemplateTiles tiles={form.tiles} onChange={form.setTiles} strict={form.strict} readOnly={readOnly} />}
    </>
  );
}
