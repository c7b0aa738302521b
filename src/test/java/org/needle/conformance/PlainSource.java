package org.needle.conformance;

import java.util.ArrayList;
import java.util.List;

/** What a browser's EventSource sends and keeps, one response after the other, by hand: the test decides how each of them ends. */
final class PlainSource {
    private static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";

    private final int port;
    private final String target;
    private final List<String> events = new ArrayList<>();
    private String position = "";
    private String session = "";
    private long heartbeat;
    private long retry;

    PlainSource(int port, String topic) {
        this.port = port;
        this.target = "/events?topic=" + topic;
    }

    /** One response. */
    final class Life implements AutoCloseable {
        private final Wire wire = new Wire(port);
        private final Wire.Body body;
        private final StringBuilder seen = new StringBuilder();

        private Life(boolean withPosition) {
            List<String> head = new ArrayList<>(List.of(
                    "GET " + target + " HTTP/1.1",
                    "Accept: text/event-stream",
                    "Cache-Control: no-cache",
                    "User-Agent: " + AGENT));
            if (withPosition && !position.isEmpty()) {
                head.add("Last-Event-ID: " + position);
            }
            body = wire.body(wire.send(head.toArray(new String[0])).head());
        }

        /** Reads on until that has come. */
        Life until(String mark) {
            take(body.until(mark));
            return this;
        }

        /** Reads on until that has come; false if the response has ended before. */
        boolean reads(String mark) {
            StringBuilder more = new StringBuilder();
            int next = 0;
            while (next >= 0 && more.indexOf(mark) < 0) {
                next = body.next();
                more.append(next < 0 ? "" : String.valueOf((char) next));
            }
            take(more.toString());
            return next >= 0;
        }

        Life untilHello() {
            return until("event: needle-hello\n").until("\n\n");
        }

        /** Reads to the end, which has to come. */
        Life untilEnd() {
            take(body.rest());
            return this;
        }

        boolean hasMore() {
            return wire.hasMore();
        }

        /** All that has been read. */
        String text() {
            return seen.toString();
        }

        private void take(String text) {
            seen.append(text);
            int from = 0;
            for (int end = seen.indexOf("\n\n", from); end >= 0; end = seen.indexOf("\n\n", from)) {
                from = end + 2;
            }
            PlainSource.this.take(seen.substring(0, from), seen.toString());
        }

        /** Leaves without reading what is left. */
        @Override
        public void close() {
            wire.close();
        }
    }

    /** Comes back. */
    Life next() {
        return new Life(true);
    }

    /** Comes back, and something on the way takes the position. */
    Life nextWithoutPosition() {
        return new Life(false);
    }

    private void take(String blocks, String all) {
        for (String line : all.split("\n", -1)) {
            if (line.startsWith("retry: ")) {
                retry = Long.parseLong(line.substring(7));
            }
        }
        for (String block : blocks.split("\n\n", -1)) {
            String data = "";
            boolean control = false;
            for (String line : block.split("\n", -1)) {
                if (line.startsWith("id: ")) {
                    position = line.substring(4);
                } else if (line.startsWith("event: needle-")) {
                    control = true;
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            if (block.contains("\nevent: needle-hello\n")) {
                session = Frame.parse(data).path("session").asText();
                heartbeat = Frame.parse(data).path("heartbeat").asLong();
            } else if (!control && !data.isEmpty() && !events.contains(data)) {
                events.add(data);
            }
        }
    }

    /** The data of all events, in order. */
    List<String> events() {
        return events;
    }

    String position() {
        return position;
    }

    String session() {
        return session;
    }

    long heartbeat() {
        return heartbeat;
    }

    /** How long it would wait now, in ms. */
    long retry() {
        return retry;
    }

    static String agent() {
        return AGENT;
    }
}
