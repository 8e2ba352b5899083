import { Button, TextField, toast } from "@labelwright/ui";
import { Check, Copy, Eye, EyeOff } from "lucide-react";
import { useState, type ReactNode } from "react";
import styles from "./CopyField.module.css";

interface CopyFieldProps {
  label: string;
  value: string;
  description?: ReactNode;
  /** Dots until asked to show. */
  secret?: boolean;
  /** More buttons beside Copy. */
  children?: ReactNode;
}

/** Puts text on the clipboard; also on plain http, where browsers have no `navigator.clipboard`. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function CopyField({ label, value, description, secret, children }: CopyFieldProps) {
  const [shown, setShown] = useState(!secret);
  const [copied, setCopied] = useState(false);
  const onCopy = async () => {
    if (!(await copyText(value))) {
      toast({ message: "The browser does not allow copying. Select the text instead.", tone: "danger" });
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className={styles.field}>
      <TextField label={label} value={shown ? value : "•".repeat(24)} readOnly description={description} className={styles.value} onFocus={(event) => event.target.select()} spellCheck={false} />
      <div className={styles.buttons}>
        {secret && (
          <Button icon={shown ? <EyeOff /> : <Eye />} onClick={() => setShown(!shown)} aria-pressed={shown}>
            {shown ? "Hide" : "Show"}
          </Button>
        )}
        <Button icon={copied ? <Check /> : <Copy />} onClick={() => void onCopy()}>
          {copied ? "Copied" : "Copy"}
        </Button>
        {children}
      </div>
    </div>
  );
}
