import { IconButton, Menu } from "@labelwright/ui";
import { Monitor, Moon, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { setAppearance, useAppearance, type Theme } from "../appearance";

const themes: readonly { value: Theme; label: string; icon: ReactNode }[] = [
  { value: "light", label: "Light", icon: <Sun /> },
  { value: "dark", label: "Dark", icon: <Moon /> },
  { value: "auto", label: "As the system", icon: <Monitor /> },
];

/** Light, dark or as the system; `className` for the button. */
export function ThemeMenu({ className }: { className?: string | undefined }) {
  const { theme } = useAppearance();
  return (
    <Menu
      label="Theme"
      align="end"
      trigger={(props) => (
        <IconButton label="Theme" className={className} {...props}>
          {themes.find((choice) => choice.value === theme)?.icon}
        </IconButton>
      )}
      items={themes.map(({ value, label, icon }) => ({ id: value, label, icon, checked: value === theme, onSelect: () => setAppearance({ theme: value }) }))}
    />
  );
}
