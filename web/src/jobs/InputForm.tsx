import { Field } from "@/ui/basics";
import type { JsonObject } from "@/lib/json";
import { useT } from "@/i18n";
import { readInput, valueAt, withValue, type InputField } from "./inputForm";

interface Props {
  fields: InputField[];
  config: JsonObject;
  onChange: (config: JsonObject) => void;
}

/** The form that a job's input schema draws. */
export function InputForm({ fields, config, onChange }: Props) {
  return (
    <div className="grid-2">
      {fields.map((field) => (
        <OneInput key={field.path.join(".")} field={field} value={valueAt(config, field.path)} onChange={(value) => onChange(withValue(config, field.path, value))} />
      ))}
    </div>
  );
}

function OneInput({ field, value, onChange }: { field: InputField; value: unknown; onChange: (value: unknown) => void }) {
  const t = useT();
  const hint = [field.description, field.hint].filter(Boolean).join(" · ");
  const preset = field.preset === undefined ? t("the job’s own") : String(field.preset);
  const typed = value === undefined ? "" : String(value);
  if (field.kind === "choices") {
    const chosen = Array.isArray(value) ? value.map(String) : [];
    return (
      <fieldset className="field">
        <legend className="label">{field.label}</legend>
        <div className="row">
          {field.choices.map((choice) => (
            <label key={choice} className="check">
              <input
                type="checkbox"
                checked={chosen.includes(choice)}
                onChange={(event) => {
                  const next = event.target.checked ? [...chosen, choice] : chosen.filter((each) => each !== choice);
                  onChange(next.length > 0 ? next : undefined);
                }}
              />
              {choice}
            </label>
          ))}
        </div>
      </fieldset>
    );
  }
  const choices = field.kind === "boolean" ? ["true", "false"] : field.choices;
  return (
    <Field label={field.label} hint={hint}>
      {(ids) =>
        choices.length > 0 ? (
          <select {...ids} className="input" value={typed} onChange={(event) => onChange(readInput(field, event.target.value))}>
            <option value="">{preset}</option>
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        ) : (
          <input {...ids} className="input" type={field.secret ? "password" : "text"} autoComplete="off" inputMode={field.kind === "text" ? undefined : "decimal"} value={typed} placeholder={preset} onChange={(event) => onChange(readInput(field, event.target.value))} />
        )
      }
    </Field>
  );
}
