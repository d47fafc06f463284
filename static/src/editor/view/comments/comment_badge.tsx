import { t } from "../../../i18n/t.ts";
import { openOn } from "../../model/comments.ts";
import { Icon } from "../icon.tsx";
import { useSession, useStore } from "../session.tsx";

/** That people talk about a node; a click opens what they say. */
export function CommentBadge({ id }: { id: string }) {
  const session = useSession();
  const count = openOn(useStore(session.comments.all).threads, session.pathOf(id));
  if (!count) return null;
  const title = t("Comments: {count}", { count });
  return (
    <button type="button" className="node-badge nodrag cursor-pointer" data-testid="comment-badge" title={title} aria-label={title} onClick={() => session.talkAbout(id)}>
      <Icon name="message-square" />
      {count}
    </button>
  );
}
