import { TextField } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { bootQuery } from "../api/queries";
import { useTitle } from "../shell/title";
import { Door } from "./Door";
import { safeNext, sendForm } from "./session";
import { takeAppearance } from "./takeAppearance";

const route = getRouteApi("/user/login");

export function LoginPage() {
  useTitle("Log in");
  const { next } = route.useSearch();
  const boot = useQuery(bootQuery);
  if (boot.data && !boot.data.has_users) return <Navigate to="/user/signup" search={next ? { next } : {}} replace />;

  const logIn = async (fields: Record<string, string>) => {
    await sendForm("/user/login/", fields);
    await takeAppearance();
    location.assign(safeNext(next));
  };
  return (
    <Door
      title="Log in"
      submitLabel="Log in"
      onSubmit={logIn}
      footer={
        boot.data?.signup === "invite" ? (
          "New here? Ask a member for the invitation link."
        ) : (
          <span>
            New here?{" "}
            <Link to="/user/signup" search={next ? { next } : {}}>
              Sign up
            </Link>
          </span>
        )
      }
    >
      <TextField label="Email" name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      <input type="hidden" name="persist_session" value="on" />
    </Door>
  );
}
