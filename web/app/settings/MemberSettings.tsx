import { buttonClass } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { bootQuery } from "../api/queries";
import { InviteLink } from "../organization/InviteLink";
import { MemberList } from "../organization/MemberList";
import { Page, Section } from "../shell/Page";

/** Everybody in the organization works on all of its projects. */
export function MemberSettings() {
  const organization = useQuery(bootQuery).data?.user?.active_organization;
  return (
    <Page
      title="Members"
      intro="Every member of the organization may open and label this project."
      actions={
        <Link to="/organization" className={buttonClass()}>
          Manage the organization
        </Link>
      }
    >
      <Section title="Invite somebody">
        <InviteLink />
      </Section>
      {organization && (
        <Section title="People">
          <MemberList organization={organization} />
        </Section>
      )}
    </Page>
  );
}
