import { Avatar, Banner, Chip, IconButton, personName, Skeleton } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { UserMinus } from "lucide-react";
import { errorText } from "../api/client";
import type { Membership } from "../api/models";
import { bootQuery, membersQuery, organizationQuery } from "../api/queries";
import { countOf, timeAgo } from "../format";
import styles from "./MemberList.module.css";

interface MemberListProps {
  organization: number;
  /** Given: the owner can take members out. */
  onRemove?: (member: Membership) => void;
}

export function MemberList({ organization, onRemove }: MemberListProps) {
  const members = useQuery(membersQuery(organization));
  const owner = useQuery(organizationQuery(organization)).data?.created_by;
  const me = useQuery(bootQuery).data?.user?.id;
  if (members.isPending) return <Skeleton height={120} />;
  if (members.isError) return <Banner tone="danger">{errorText(members.error)}</Banner>;
  return (
    <ul className={styles.list}>
      {members.data.map((member) => {
        const { user } = member;
        const made = member.created_projects?.length ?? 0;
        return (
          <li key={member.id} className={styles.member}>
            <Avatar person={user} size={32} />
            <div className={styles.who}>
              <span className={styles.name}>
                <strong>{personName(user)}</strong>
                {user.id === owner && <Chip tone="accent">Owner</Chip>}
                {user.id === me && <Chip>You</Chip>}
              </span>
              {personName(user) !== user.email && <span className={styles.muted}>{user.email}</span>}
            </div>
            <span className={styles.facts}>
              {made > 0 && <span>{countOf(made, "project")}</span>}
              {user.last_activity && <span>active {timeAgo(user.last_activity)}</span>}
            </span>
            {onRemove && me === owner && user.id !== me && (
              <IconButton label={`Remove ${personName(user)}`} onClick={() => onRemove(member)}>
                <UserMinus />
              </IconButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
