import { Banner, TextField } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { withQuery } from "../api/client";
import { bootQuery } from "../api/queries";
import { useTitle } from "../shell/title";
import { Door } from "./Door";
import { safeNext, sendForm } from "./session";

const route = getRouteApi("/user/signup");

const PASSWORD_LENGTH = { minLength: 8, maxLength: 128 } as const;

export function SignupPage() {
  const { next, token } = route.useSearch();
  const boot = useQuery(bootQuery).data;
  const first = boot?.has_users === false;
  useTitle(first ? "Create the admin account" : "Sign up");

  const signUp = async (fields: Record<string, string>) => {
    await sendForm(withQuery("/user/signup/", token ? { token } : {}), fields);
    location.assign(safeNext(next));
  };
  const login = (
    <span>
      Have an account?{" "}
      <Link to="/user/login" search={next ? { next } : {}}>
        Log in
      </Link>
    </span>
  );

  return (
    <Door
      title={first ? "Create the admin account" : token ? "Join the team" : "Sign up"}
      intro={
        first
          ? "This is the first start of this server. The first account owns it."
          : token
            ? "You were invited. Your account joins the organization of the invitation."
            : boot?.signup === "private"
              ? "You get an organization of your own. To join somebody else's, ask for their invitation link."
              : undefined
      }
      submitLabel={first ? "Create account" : "Sign up"}
      onSubmit={signUp}
      footer={first ? null : login}
    >
      {boot?.signup === "invite" && !token && !first && <Banner tone="warn">This server takes new accounts by invitation link only.</Banner>}
      <TextField label="Email" name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label="Password" name="password" type="password" autoComplete="new-password" required description="At least 8 characters." {...PASSWORD_LENGTH} />
    </Door>
  );
}
