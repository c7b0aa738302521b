package org.needle.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ways out to one place for many long answers at a time. The JDK's client has one HTTP/2 connection to a server and fails what is
 * more than that server allows, so there are several clients, each with no more answers at a time than any server allows. Callable from
 * any thread.
 */
public final class Lanes {
    private static final int WIDTH = 50;
    private static final String STREAM_WINDOW = "jdk.httpclient.windowsize";
    private static final String CONNECTION_WINDOW = "jdk.httpclient.connectionWindowSize";

    static {
        // an answer that is not read on is held by the server, not by us, and does not hold up those beside it
        tell(STREAM_WINDOW, 1 << 18);
        tell(CONNECTION_WINDOW, WIDTH << 18);
    }

    private static void tell(String property, int bytes) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(bytes));
        }
    }

    private final Dial.Settings settings;

    // guarded by this
    private final List<Lane> lanes = new ArrayList<>();

    public Lanes(Dial.Settings settings) {
        this.settings = settings;
    }

    /** A place for one answer. */
    public synchronized Place take() {
        for (Lane lane : lanes) {
            if (lane.taken < WIDTH) {
                return place(lane);
            }
        }
        Lane lane = new Lane(new Dial(settings));
        lanes.add(lane);
        return place(lane);
    }

    private Place place(Lane lane) {
        lane.taken++;
        return new Place(lane);
    }

    private synchronized void free(Lane lane) {
        lane.taken--;
        if (lane.taken == 0 && lanes.indexOf(lane) > 0) {
            lanes.remove(lane); // the first stays, with its connection
        }
    }

    /** A client, and how many use it; guarded by the lanes. */
    private static final class Lane {
        final Dial dial;
        int taken;

        Lane(Dial dial) {
            this.dial = dial;
        }
    }

    /** To be closed when the answer has ended; closing twice does nothing. */
    public final class Place implements AutoCloseable {
        private final Lane lane;
        private final AtomicBoolean closed = new AtomicBoolean();

        Place(Lane lane) {
            this.lane = lane;
        }

        public Dial dial() {
            return lane.dial;
        }

        public HttpRequest.Builder request(URI uri) {
            return lane.dial.request(uri);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                free(lane);
            }
        }
    }
}
