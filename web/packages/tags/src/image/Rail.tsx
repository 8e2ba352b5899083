/** The tool rail beside a picture: tools, zoom, turning, light. One tab stop; arrow keys walk through it. */
import type { Editor } from "@labelwright/engine";
import { Button, IconButton, Popover } from "@labelwright/ui";
import { Diamond, Hand, Maximize, MousePointer2, RotateCcw, RotateCw, Square, Sun, ZoomIn, ZoomOut, type LucideIcon } from "lucide-react";
import { useRef, type KeyboardEvent } from "react";
import type { ToolDef } from "../define";
import type { ImageCommand } from "./commands";
import styles from "./image.module.css";

/** Icons by the name that tools and commands give. A name that is not here shows the tool's key. */
const ICONS: Readonly<Record<string, LucideIcon>> = {
  "mouse-pointer-2": MousePointer2, hand: Hand, square: Square, diamond: Diamond,
  "zoom-in": ZoomIn, "zoom-out": ZoomOut, maximize: Maximize, "rotate-ccw": RotateCcw, "rotate-cw": RotateCw,
};

export interface Light {
  readonly brightness: number;
  readonly contrast: number;
}

interface RailProps {
  readonly editor: Editor;
  readonly tools: readonly ToolDef[];
  readonly tool: string;
  readonly commands: readonly ImageCommand[];
  readonly light: Light;
  readonly lightControls: { readonly brightness: boolean; readonly contrast: boolean };
  onLight(light: Light): void;
}

export function Rail({ editor, tools, tool, commands, light, lightControls, onLight }: RailProps) {
  const root = useRef<HTMLDivElement>(null);
  const bound = new Map(editor.commands.list().map(({ command, keys }) => [command.id, keys[0]]));
  return (
    <div ref={root} className={styles.rail} role="toolbar" aria-label="Picture tools" aria-orientation="vertical" onKeyDown={(e) => walk(e, root.current)}>
      {tools.length > 0 && (
        <div className={styles.group} role="group" aria-label="Tools">
          {tools.map((def) => (
            <IconButton
              key={def.id}
              label={def.title}
              keys={bound.get(`tool:${def.id}`)}
              pressed={tool === def.id}
              tabIndex={tool === def.id ? 0 : -1}
              onClick={() => editor.setTool(def.id)}
            >
              <Icon name={def.icon} fallback={def.keys.labelwright[0] ?? def.title} />
            </IconButton>
          ))}
        </div>
      )}
      <div className={styles.group} role="group" aria-label="View">
        {commands.flatMap((command) =>
          command.icon === undefined ? [] : [
            <IconButton
              key={command.id}
              label={command.title}
              keys={bound.get(command.id)}
              tabIndex={tools.length === 0 && command === commands[0] ? 0 : -1}
              onClick={() => command.run(editor)}
            >
              <Icon name={command.icon} fallback="1:1" />
            </IconButton>,
          ],
        )}
        {(lightControls.brightness || lightControls.contrast) && <LightButton light={light} controls={lightControls} onLight={onLight} />}
      </div>
    </div>
  );
}

function Icon({ name, fallback }: { name: string | undefined; fallback: string }) {
  const Found = name === undefined ? undefined : ICONS[name];
  return Found ? <Found aria-hidden /> : <span className={styles.letter}>{fallback}</span>;
}

function LightButton({ light, controls, onLight }: { light: Light; controls: RailProps["lightControls"]; onLight(light: Light): void }) {
  const changed = light.brightness !== 1 || light.contrast !== 1;
  return (
    <Popover
      label="Brightness and contrast"
      trigger={(props) => (
        <IconButton {...props} label="Brightness and contrast" pressed={changed} tabIndex={-1}>
          <Sun aria-hidden />
        </IconButton>
      )}
    >
      {() => <div className={styles.light}>
        {controls.brightness && <Slider label="Brightness" value={light.brightness} onChange={(brightness) => onLight({ ...light, brightness })} />}
        {controls.contrast && <Slider label="Contrast" value={light.contrast} onChange={(contrast) => onLight({ ...light, contrast })} />}
        <Button size="small" disabled={!changed} onClick={() => onLight({ brightness: 1, contrast: 1 })}>Reset</Button>
      </div>}
    </Popover>
  );
}

function Slider({ label, value, onChange }: { label: string; value: number; onChange(value: number): void }) {
  return (
    <label className={styles.slider}>
      <span>{label}</span>
      <output>{Math.round(value * 100)} %</output>
      <input type="range" min={0.2} max={3} step={0.05} value={value} onChange={(e) => onChange(e.target.valueAsNumber)} />
    </label>
  );
}

/** Roving focus: arrows move it, the buttons keep one tab stop. */
function walk(e: KeyboardEvent, root: HTMLElement | null): void {
  const step = e.key === "ArrowDown" || e.key === "ArrowRight" ? 1 : e.key === "ArrowUp" || e.key === "ArrowLeft" ? -1 : 0;
  if (step === 0 || !root) return;
  const buttons = [...root.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
  e.preventDefault();
  e.stopPropagation();
}
