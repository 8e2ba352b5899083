import { cx, Skeleton, TextField } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { errorText } from "../api/client";
import type { Template } from "../api/models";
import { templatesQuery } from "../api/queries";
import type { Starter } from "./starters";
import styles from "./TemplatePicker.module.css";

interface TemplatePickerProps {
  suggestions: readonly Starter[];
  /** Id of the chosen suggestion or title of the chosen template; null once the config was edited by hand. */
  chosen: string | null;
  /** Whether data is there that the suggestions fit. */
  fitted: boolean;
  onChoose: (id: string, config: string) => void;
}

/** Suggestions for the user's data first; all templates by searching. */
export function TemplatePicker({ suggestions, chosen, fitted, onChoose }: TemplatePickerProps) {
  const [words, setWords] = useState("");
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.picker}>
      <fieldset>
        <legend className={styles.legend}>{fitted ? "Suggested for your data" : "Start with"}</legend>
        <div className={styles.cards}>
          {suggestions.map((starter) => (
            <label key={starter.id} className={cx(styles.card, chosen === starter.id && styles.chosen)}>
              <input type="radio" name="starter" className="visually-hidden" checked={chosen === starter.id} onChange={() => onChoose(starter.id, starter.config)} />
              <span className={styles.title}>{starter.title}</span>
              <span className={styles.hint}>{starter.hint}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <TextField
        type="search"
        label="Search all templates"
        hideLabel
        placeholder="Search all templates…"
        icon={<Search />}
        value={words}
        onFocus={() => setOpen(true)}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
        aria-expanded={open}
        aria-controls="templates"
        role="combobox"
      />
      {open && (
        <TemplateList
          words={words}
          chosen={chosen}
          onChoose={(template) => {
            onChoose(template.title, template.config);
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}

/** Templates whose title or group has every word. */
export function searchTemplates(templates: readonly Template[], words: string): Template[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter((template) => parts.every((part) => `${template.title} ${template.group}`.toLowerCase().includes(part)));
}

function TemplateList({ words, chosen, onChoose }: { words: string; chosen: string | null; onChoose: (template: Template) => void }) {
  const query = useQuery(templatesQuery);
  if (query.isPending) return <Skeleton height={120} />;
  if (query.isError) return <p className={styles.none}>The templates could not be loaded: {errorText(query.error)}</p>;
  const found = searchTemplates(query.data, words);
  const groups = [...new Set(found.map((template) => template.group))];
  return (
    <div id="templates" className={styles.list} role="group" aria-label="Templates" tabIndex={-1}>
      {found.length === 0 && <p className={styles.none}>No template matches “{words}”.</p>}
      {groups.map((group) => (
        <section key={group}>
          <h4 className={styles.group}>{group}</h4>
          {found
            .filter((template) => template.group === group)
            .map((template) => (
              <button key={template.title} type="button" className={styles.template} aria-pressed={chosen === template.title} onClick={() => onChoose(template)}>
                {template.title}
              </button>
            ))}
        </section>
      ))}
    </div>
  );
}
