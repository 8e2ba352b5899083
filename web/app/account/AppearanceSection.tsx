import { RadioGroup } from "@labelwright/ui";
import { setAppearance, taskTextSizes_px, useAppearance, type Appearance } from "../appearance";
import { api } from "../api/client";
import { Page, Section } from "../shell/Page";
import styles from "./Account.module.css";

/** Shown at once, kept on this device, and on the server for the next one. */
function choose(patch: Partial<Appearance>): void {
  setAppearance(patch);
  // A preference that does not reach the server still holds here.
  void api.patch("/api/labelwright/preferences", patch).catch(() => undefined);
}

export function AppearanceSection() {
  const { theme, density, taskText_px } = useAppearance();
  return (
    <Page title="Appearance">
      <Section>
        <RadioGroup
          legend="Theme"
          value={theme}
          onChange={(value) => choose({ theme: value })}
          options={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
            { value: "auto", label: "As the system" },
          ]}
        />
      </Section>
      <Section>
        <RadioGroup
          legend="Density"
          value={density}
          onChange={(value) => choose({ density: value })}
          options={[
            { value: "compact", label: "Compact", description: "Many rows on the screen." },
            { value: "cosy", label: "Cosy" },
            { value: "touch", label: "Touch", description: "Large targets for fingers; on touch screens this is the default." },
          ]}
        />
      </Section>
      <Section>
        <RadioGroup
          legend="Size of task text"
          value={String(taskText_px)}
          onChange={(value) => choose({ taskText_px: Number(value) })}
          options={taskTextSizes_px.map((size) => ({ value: String(size), label: `${size} px` }))}
        />
        <p className={styles.sample}>This is how the text of a task looks while you label it.</p>
      </Section>
    </Page>
  );
}
