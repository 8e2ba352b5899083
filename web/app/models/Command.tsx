import { IconButton, toast } from "@labelwright/ui";
import { Check, Copy } from "lucide-react";
import { Fragment, useState } from "react";
import { copyText } from "../shell/CopyField";
import styles from "./Models.module.css";

/** A command to type into a terminal, whole, with a button that copies it; no line ends within "--port". */
export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const onCopy = async () => {
    if (!(await copyText(text))) {
      toast({ message: "The browser does not allow copying. Select the text instead.", tone: "danger" });
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className={styles.command}>
      <code>
        {text.split(" ").map((word, index) => (
          <Fragment key={index}>
            {index > 0 && " "}
            <span>{word}</span>
          </Fragment>
        ))}
      </code>
      <IconButton label={copied ? "Copied" : "Copy the command"} size="small" onClick={() => void onCopy()}>
        {copied ? <Check /> : <Copy />}
      </IconButton>
    </div>
  );
}
