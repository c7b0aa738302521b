package org.needle.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has been delivered, and up to where. Merges several connections of one session into one sequence, every event once and in
 * order: each connection begins behind a position that is in the sequence and brings the same events in the same order, so
 * whatever one that has caught up brings next is new, and whatever one that lags behind brings is known. Positions are opaque:
 * nobody compares them. The owner's thread only.
 */
final class Cursor {
    private static final int KNOWN = 1 << 14;

    private final Map<String, Long> known = new LinkedHashMap<>();
    private long count;
    private @Nullable String position;

    /** @param position null: wherever the first connection begins */
    Cursor(@Nullable String position) {
        this.position = position;
    }

    /** How far a connection has come. */
    static final class Place {
        private long at;
    }

    enum Taken {
        NEW,
        KNOWN,
        /** It is behind, and what it brings is not known: too long ago, or left out for somebody faster. It has to begin anew. */
        LOST
    }

    /** Behind which to open a connection; null while nothing is known. */
    @Nullable
    String position() {
        return position;
    }

    /** Where a connection is that is opened behind {@link #position} now. */
    Place place() {
        Place place = new Place();
        place.at = count;
        return place;
    }

    Taken take(Place place, String id) {
        Long index = known.get(id);
        if (index != null) {
            place.at = Math.max(place.at, index + 1);
            return Taken.KNOWN;
        }
        if (place.at < count) {
            return Taken.LOST;
        }
        known.put(id, count++);
        if (known.size() > KNOWN) {
            known.remove(known.keySet().iterator().next());
        }
        place.at = count;
        position = id;
        return Taken.NEW;
    }

    boolean isLevel(Place place) {
        return place.at == count;
    }

    /** A connection says where it is, after everything before that. */
    void reach(Place place, String reached) {
        if (isLevel(place)) {
            position = reached;
        }
    }
}
