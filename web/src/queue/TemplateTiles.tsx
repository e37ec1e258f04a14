// One tile a {{variable}}: first its type, then the fields that the type offers (S-18..S-21).
import { Field } from "@/ui/basics";
import { useT } from "@/i18n";
import { checkTile, type Tile, type TileType } from "./template";

interface Props {
  tiles: Tile[];
  onChange: (tiles: Tile[]) => void;
  /** Show what is missing also in tiles that nobody has touched. */
  strict: boolean;
  readOnly?: boolean;
}

export function TemplateTiles({ tiles, onChange, strict, readOnly }: Props) {
  const change = (index: number, part: Partial<Tile>) => onChange(tiles.map((tile, at) => (at === index ? { ...tile, ...part } : tile)));
  return (
    <div className="tiles">
      {tiles.map((tile, index) => (
        <TileForm key={tile.name} tile={tile} strict={strict} readOnly={readOnly} onChange={(part) => change(index, part)} />
      ))}
    </div>
  );
}

function TileForm({ tile, onChange, strict, readOnly }: { tile: Tile; onChange: (part: Partial<Tile>) => void; strict: boolean; readOnly?: boolean }) {
  const t = useT();
  const problems = checkTile(tile);
  const shown = strict || tile.type !== "" ? problems : {};
  const wrong = (field: keyof typeof problems) => {
    const message = shown[field];
    return message && t(message);
  };
  return (
    <fieldset className="tile" disabled={readOnly}>
      <legend>
        <code>{tile.name}</code>
      </legend>
      <Field label={t("Type")} error={wrong("type")}>
        {(ids) => (
          <select {...ids} className="input" value={tile.type} onChange={(event) => onChange({ type: event.target.value as TileType | "" })}>
            <option value="">{t("Choose a type…")}</option>
            <option value="string">{t("String")}</option>
            <option value="integer">{t("Integer")}</option>
            <option value="number">{t("Float")}</option>
          </select>
        )}
      </Field>
      {tile.type === "string" && (
        <Field label={t("Permitted values")} hint={t("One a line. Empty: any text.")} error={wrong("choicesText")}>
          {(ids) => <textarea {...ids} className="input mono" rows={3} value={tile.choicesText} onChange={(event) => onChange({ choicesText: event.target.value })} />}
        </Field>
      )}
      {tile.type !== "" && (
        <div className="tile-row">
          <Field label={t("Default")} error={wrong("defaultText")}>
            {(ids) => <input {...ids} className="input" value={tile.defaultText} onChange={(event) => onChange({ defaultText: event.target.value })} />}
          </Field>
          {tile.type !== "string" && (
            <>
              <Field label={t("Minimum")} error={wrong("minimumText")}>
                {(ids) => <input {...ids} className="input" inputMode="decimal" value={tile.minimumText} onChange={(event) => onChange({ minimumText: event.target.value })} />}
              </Field>
              <Field label={t("Maximum")} error={wrong("maximumText")}>
                {(ids) => <input {...ids} className="input" inputMode="decimal" value={tile.maximumText} onChange={(event) => onChange({ maximumText: event.target.value })} />}
              </Field>
            </>
          )}
        </div>
      )}
      {tile.type !== "" && (
        <Field label={t("Description")}>
          {(ids) => <input {...ids} className="input" value={tile.description} placeholder={t("What people see beside the field")} onChange={(event) => onChange({ description: event.target.value })} />}
        </Field>
      )}
    </fieldset>
  );
}
