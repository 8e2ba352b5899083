import { Checkbox, RadioGroup, TextArea, TextField } from "@labelwright/ui";
import { useState } from "react";
import { ApiError, errorText } from "../api/client";
import type { ConnectedModel, ModelFields } from "../api/mlModels";
import styles from "./Models.module.css";
import { connectHint, readExtraParams } from "./words";

export const DEFAULT_URL = "http://localhost:9090";

type Draft = Omit<ModelFields, "extra_params" | "basic_auth_pass"> & { extra_params: string; basic_auth_pass: string };

const blank: Draft = {
  url: DEFAULT_URL,
  title: "",
  description: "",
  auth_method: "NONE",
  basic_auth_user: "",
  basic_auth_pass: "",
  extra_params: "",
  is_interactive: false,
  timeout: 100,
};

function draftOf(model: ConnectedModel): Draft {
  return {
    url: model.url,
    title: model.title,
    description: model.description ?? "",
    auth_method: model.auth_method,
    basic_auth_user: model.basic_auth_user ?? "",
    basic_auth_pass: "",
    extra_params: model.extra_params === null || model.extra_params === undefined ? "" : JSON.stringify(model.extra_params, null, 2),
    is_interactive: model.is_interactive,
    timeout: model.timeout,
  };
}

/** The state of the form: what is typed, what of it cannot be sent, and what would be sent. */
export function useModelForm(model?: ConnectedModel) {
  const [draft, setDraft] = useState<Draft>(() => (model ? draftOf(model) : blank));
  const [isTouched, setIsTouched] = useState(false);
  const extra = readExtraParams(draft.extra_params);
  const extraProblem = "problem" in extra ? extra.problem : null;
  const fields = (): Partial<ModelFields> => {
    const { basic_auth_pass, title, ...rest } = draft;
    return {
      ...rest,
      url: draft.url.trim(),
      extra_params: "value" in extra ? extra.value : null,
      ...(title.trim() && { title: title.trim() }),
      // An empty password field keeps the stored one.
      ...(basic_auth_pass && { basic_auth_pass }),
    };
  };
  return {
    draft,
    set: <K extends keyof Draft>(key: K, value: Draft[K]) => {
      setIsTouched(true);
      setDraft((now) => ({ ...now, [key]: value }));
    },
    fields,
    extraProblem,
    isTouched,
  };
}

interface ModelFormProps {
  form: ReturnType<typeof useModelForm>;
  /** Why the server refused, or null. */
  error: unknown;
  model?: ConnectedModel;
}

const named = new Set(["url", "title", "description", "basic_auth_user", "basic_auth_pass", "extra_params", "timeout", "is_interactive"]);

/** The fields of a model; the address first, what is seldom needed folded away. Errors stand at their field. */
export function ModelForm({ form, error, model }: ModelFormProps) {
  const { draft, set, extraProblem } = form;
  const refused = error instanceof ApiError ? error : null;
  // What names no other field is about the address: the server called it and something went wrong.
  const elsewhere = refused ? Object.keys(refused.fields).some((name) => name !== "url" && named.has(name)) : false;
  const problem = error && !elsewhere ? (refused?.field("url") ?? errorText(error)) : null;
  const hint = problem ? connectHint(draft.url, problem) : null;
  const hasMore = Boolean(model) || elsewhere || extraProblem !== null;
  return (
    <>
      <TextField
        label="Address of the model"
        type="url"
        inputMode="url"
        required
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        value={draft.url}
        error={problem}
        onChange={(event) => set("url", event.target.value)}
      />
      {hint && <p className={styles.hint}>{hint}</p>}
      <details className={styles.more} open={hasMore || undefined}>
        <summary>More options</summary>
        <div className={styles.fields}>
          <TextField
            label="Name"
            maxLength={200}
            placeholder="default"
            value={draft.title}
            error={refused?.field("title") ?? null}
            description="By which people tell it from other models."
            onChange={(event) => set("title", event.target.value)}
          />
          <TextField label="Description" value={draft.description} error={refused?.field("description") ?? null} onChange={(event) => set("description", event.target.value)} />
          <RadioGroup
            legend="Access"
            value={draft.auth_method}
            onChange={(method) => set("auth_method", method)}
            options={[
              { value: "NONE", label: "Open", description: "The model asks for nothing." },
              { value: "BASIC_AUTH", label: "Basic", description: "With a name and a password." },
            ]}
          />
          {draft.auth_method === "BASIC_AUTH" && (
            <div className={styles.pair}>
              <TextField label="User name" autoComplete="off" required value={draft.basic_auth_user} error={refused?.field("basic_auth_user") ?? null} onChange={(event) => set("basic_auth_user", event.target.value)} />
              <TextField
                label="Password"
                type="password"
                autoComplete="new-password"
                required={!model?.basic_auth_pass_is_set}
                value={draft.basic_auth_pass}
                error={refused?.field("basic_auth_pass") ?? null}
                description={model?.basic_auth_pass_is_set ? "One is stored. Leave this empty to keep it." : undefined}
                onChange={(event) => set("basic_auth_pass", event.target.value)}
              />
            </div>
          )}
          <TextField
            label="Timeout in seconds"
            type="number"
            min={1}
            max={600}
            step="any"
            required
            className={styles.short}
            value={Number.isNaN(draft.timeout) ? "" : draft.timeout}
            error={refused?.field("timeout") ?? null}
            description="How long one batch of predictions may take."
            onChange={(event) => set("timeout", event.target.valueAsNumber)}
          />
          <Checkbox
            label="Use for interactive tools"
            description="Smart tools ask it while a person clicks and draws."
            checked={draft.is_interactive}
            onChange={(on) => set("is_interactive", on)}
          />
          <TextArea
            label="Extra parameters (JSON)"
            mono
            rows={3}
            spellCheck={false}
            placeholder='{"threshold": 0.5}'
            value={draft.extra_params}
            error={extraProblem ?? refused?.field("extra_params") ?? null}
            description="Handed to the model as they are."
            onChange={(event) => set("extra_params", event.target.value)}
          />
        </div>
      </details>
    </>
  );
}
