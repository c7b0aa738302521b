package org.needle.edge;

import org.needle.access.Grant;
import org.needle.hub.Hub;
import org.needle.hub.Topic;

/**
 * What does not change of a {@link PrivateTopic}.
 *
 * @param hub of this topic alone
 * @param session of the client; the only one that may follow
 */
record PrivatePlan(Topic topic, Hub hub, Session session, ForwardSettings settings) {
    boolean isFollowed() {
        return !session.connections().isEmpty();
    }

    /** Whether a client may follow: with tokens the same subject; else who knows the session's secret, or one of its positions. */
    boolean isOf(Join.Claim claim, Grant shown) {
        if (shown.subject() != null) {
            return session.isOf(shown);
        }
        return claim.session() == null || Sessions.isOwn(claim, session);
    }
}
