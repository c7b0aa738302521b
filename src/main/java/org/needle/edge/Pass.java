package org.needle.edge;

import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;

/**
 * With what right a request comes.
 *
 * @param ticket to be spent when the request is served, or null
 */
record Pass(Grant grant, @Nullable String ticket) {
    static final Pass NONE = new Pass(Grant.NONE, null);

    @Override
    public String toString() {
        return "Pass[" + grant.subject() + "]";
    }
}
