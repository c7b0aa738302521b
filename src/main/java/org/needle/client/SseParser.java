package org.needle.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes to events by the rules of WHATWG HTML 9.2.5 and 9.2.6, whatever the pieces that the bytes come in. An event whose blank
 * line has not come does not exist. Not safe for use by two threads at a time.
 */
public final class SseParser {
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int MAX_DIGITS = 18;
    private static final int SMALL = 512;

    /** What a stream says. Called while bytes are fed. */
    public interface Sink {
        void event(SseEvent event);

        /** The server asks to wait {@code millis} before coming back. */
        default void retry(long millis) {}

        default void comment(String text) {}
    }

    /**
     * How much one stream may make us hold.
     *
     * @param line bytes of one line
     * @param event bytes of one event's data
     */
    public record Limits(int line, int event) {}

    private final Limits limits;
    private final Sink sink;

    private byte[] line = new byte[SMALL];
    private int length;
    private boolean first = true;
    /** A LF that follows a CR ends nothing, in whatever piece it comes. */
    private boolean afterCr;

    private final StringBuilder data = new StringBuilder();
    private long dataBytes;
    private String name = "";
    private String id;
    private String lastEventId;

    /** @param lastEventId what the stream before this one ended with, as browsers keep it; empty if there was none */
    public SseParser(Limits limits, String lastEventId, Sink sink) {
        this.limits = limits;
        this.sink = sink;
        this.id = lastEventId;
        this.lastEventId = lastEventId;
    }

    /** The id to come back with: that of the last block that is complete. */
    public String lastEventId() {
        return lastEventId;
    }

    /**
     * Takes all bytes.
     *
     * @throws DialException {@link Fault#LINE_TOO_LONG} or {@link Fault#EVENT_TOO_LARGE}; the parser is of no use then
     */
    public void feed(ByteBuffer bytes) throws DialException {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            boolean restOfCrLf = next == '\n' && afterCr;
            afterCr = next == '\r';
            if (restOfCrLf) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                endLine();
            } else {
                add(next);
            }
        }
    }

    private void add(byte next) throws DialException {
        if (length == limits.line()) {
            throw new DialException(Fault.LINE_TOO_LONG, "a line has more than " + limits.line() + " bytes", null);
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, Math.min(2 * length, limits.line()));
        }
        line[length++] = next;
    }

    private void endLine() throws DialException {
        int start = first && length >= BOM.length && Arrays.equals(line, 0, BOM.length, BOM, 0, BOM.length)
                ? BOM.length
                : 0;
        first = false;
        if (start == length) {
            dispatch();
        } else {
            readLine(start);
        }
        length = 0;
        if (line.length > 1 << 16) {
            line = new byte[SMALL];
        }
    }

    private void readLine(int start) throws DialException {
        int colon = start;
        while (colon < length && line[colon] != ':') {
            colon++;
        }
        int value = Math.min(colon + 1, length);
        if (value < length && line[value] == ' ') {
            value++;
        }
        if (colon == start) {
            sink.comment(text(value, length));
            return;
        }
        switch (text(start, colon)) {
            case "data" -> addData(value);
            case "event" -> name = text(value, length);
            case "id" -> readId(text(value, length));
            case "retry" -> readRetry(text(value, length));
            default -> {
                // the standard wants unknown fields ignored
            }
        }
    }

    private void addData(int value) throws DialException {
        dataBytes += length - value + 1;
        if (dataBytes - 1 > limits.event()) {
            throw new DialException(
                    Fault.EVENT_TOO_LARGE, "the data of an event has more than " + limits.event() + " bytes", null);
        }
        data.append(text(value, length)).append('\n');
    }

    private void readId(String value) {
        if (value.indexOf('\0') < 0) {
            id = value;
        }
    }

    private void readRetry(String value) {
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            String digits = value.replaceFirst("^0+(?=.)", "");
            sink.retry(digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits));
        }
    }

    private void dispatch() {
        lastEventId = id;
        if (data.length() > 0) {
            data.setLength(data.length() - 1);
            sink.event(new SseEvent(id, name.isEmpty() ? SseEvent.UNNAMED : name, data.toString()));
            data.setLength(0);
            dataBytes = 0;
            if (data.capacity() > 1 << 16) {
                data.trimToSize();
            }
        }
        name = "";
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }
}
