import { Checkbox, EmptyState, Select, TextField } from "@labelwright/ui";
import { Code } from "lucide-react";
import { bindObject, labelGroups, objectBindings, setAttr, type LabelGroup } from "./edits";
import { LabelList } from "./LabelList";
import styles from "./VisualEditor.module.css";

interface VisualEditorProps {
  xml: string;
  /** Columns of the data; empty = not known yet. */
  fields: readonly string[];
  onChange: (xml: string) => void;
}

/** The parts of a config that most people change: what is shown, and the labels. Everything else is in the XML tab. */
export function VisualEditor({ xml, fields, onChange }: VisualEditorProps) {
  const objects = objectBindings(xml);
  const groups = labelGroups(xml);
  if (objects.length === 0 && groups.length === 0) {
    return (
      <EmptyState icon={<Code />} title="Nothing to edit here">
        This interface has no labels or data fields of its own. Choose a template above, or write it as XML.
      </EmptyState>
    );
  }
  return (
    <div className={styles.editor}>
      {objects.length > 0 && (
        <section className={styles.objects} aria-label="What is shown">
          {objects.map((object) => (
            <Binding key={object.at} tag={object.tag} name={object.name} field={object.field} fields={fields} onChange={(field) => onChange(bindObject(xml, object.at, field))} />
          ))}
        </section>
      )}
      {groups.map((group) => (
        <Group key={group.at} xml={xml} group={group} onChange={onChange} />
      ))}
    </div>
  );
}

function Binding({ tag, name, field, fields, onChange }: { tag: string; name: string; field: string; fields: readonly string[]; onChange: (field: string) => void }) {
  const label = (
    <>
      {tag} <span className={styles.name}>{name}</span> shows the column
    </>
  );
  if (fields.length === 0) {
    return <TextField label={label} value={field} onChange={(event) => onChange(event.target.value.replace(/[^\w.[\]]/g, "_"))} spellCheck={false} />;
  }
  const known = fields.includes(field);
  const options = [...(known ? [] : [{ value: field, label: `${field} (not in the data)` }]), ...fields.map((value) => ({ value, label: value }))];
  return <Select label={label} options={options} value={field} onChange={onChange} error={known ? null : `The data has no column “${field}”.`} />;
}

function Group({ xml, group, onChange }: { xml: string; group: LabelGroup; onChange: (xml: string) => void }) {
  return (
    <section className={styles.group} aria-label={`${group.tag} ${group.name}`}>
      <header className={styles.head}>
        <h3>
          {group.tag} <span className={styles.name}>{group.name}</span>
        </h3>
        <span className={styles.count}>{group.labels.length}</span>
      </header>
      {group.nested ? (
        <p className={styles.note}>Its options are nested: edit them in the XML tab.</p>
      ) : (
        <LabelList xml={xml} group={group} onChange={onChange} />
      )}
      {group.choice && (
        <div className={styles.settings}>
          <Checkbox label="Several may be chosen" checked={group.choice === "multiple"} onChange={(on) => onChange(setAttr(xml, group.at, "choice", on ? "multiple" : "single"))} />
          <Checkbox label="An answer is required" checked={group.required} onChange={(on) => onChange(setAttr(xml, group.at, "required", on ? "true" : null))} />
        </div>
      )}
    </section>
  );
}
