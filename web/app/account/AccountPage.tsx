import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, type ComponentType } from "react";
import { Pending } from "../shell/Fallbacks";
import { SideNav } from "../shell/SideNav";
import { useTitle } from "../shell/title";
import { AppearanceSection } from "./AppearanceSection";
import { ProfileSection } from "./ProfileSection";
import { TokenSection } from "./TokenSection";

// It brings the editor, to ask it for its commands.
const HotkeySection = lazy(() => import("./HotkeySection").then((module) => ({ default: module.HotkeySection })));

const sections: readonly { id: string; label: string; component: ComponentType }[] = [
  { id: "profile", label: "Profile", component: ProfileSection },
  { id: "tokens", label: "API tokens", component: TokenSection },
  { id: "appearance", label: "Appearance", component: AppearanceSection },
  { id: "hotkeys", label: "Hotkeys", component: HotkeySection },
];

const route = getRouteApi("/shell/user/account/$section");

export function AccountPage() {
  const { section } = route.useParams();
  const shown = sections.find((each) => each.id === section) ?? sections[0];
  useTitle(shown?.label);
  const Section = shown?.component;
  return (
    <SideNav
      label="Account"
      items={sections.map(({ id, label }) => ({ id, label, link: (props) => <Link to="/user/account/$section" params={{ section: id }} {...props} /> }))}
    >
      <Suspense fallback={<Pending />}>{Section && <Section />}</Suspense>
    </SideNav>
  );
}
