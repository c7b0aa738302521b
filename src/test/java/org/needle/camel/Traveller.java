package org.needle.camel;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The least that a client library is: one session with a secret of its own, rungs to go down when a response brings nothing, positions,
 * checksums, and ids to know repeats by. It speaks HTTP over a bare socket, so that nothing repeats a request behind its back.
 */
final class Traveller {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String WEBSOCKET = "transport=websocket";
    private static final List<String> RUNGS = List.of(
            "transport=sse&envelope=json",
            WEBSOCKET,
            "transport=stream",
            "transport=stream&mode=cycle&wait=2",
            "transport=poll&wait=1");
    private static final int QUIET_MS = 2_500;
    private static final int MOST_ATTEMPTS = 1_000;
    private static final Pattern OBJECT =
            Pattern.compile("\\{\"(?:id|control)\":\"(?:[^\"\\\\]|\\\\.)*\".*?\\}(?=,\\{|\\]|$)");

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final int port;
    private final String path;
    private final String session = "traveller-" + System.nanoTime() + "-of-16";
    private final Map<String, String> parts = new LinkedHashMap<>();
    private String position = "";
    private int rung;
    private int attempts;
    private boolean over;
    private boolean sound;

    Traveller(int port, String path) {
        this.port = port;
        this.path = path;
    }

    /** The data of all events, in the order of arrival, when the end has been told. */
    List<String> travel() {
        for (attempts = 1; attempts < MOST_ATTEMPTS && !over; attempts++) {
            int before = parts.size();
            sound = true;
            try {
                ask(RUNGS.get(rung));
            } catch (IOException e) {
                sound &= parts.size() > before;
            }
            if (!sound || parts.size() == before) {
                rung = (rung + 1) % RUNGS.size();
                breathe();
            }
        }
        return new ArrayList<>(parts.values());
    }

    /** Who is refused at once does not ask again at once. */
    private void breathe() {
        try {
            stopped.await(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return parts.size() + " parts, " + attempts + " attempts, rung " + rung;
    }

    private String target(String rung) {
        return "/proxy/up/" + path + "&" + rung + "&sum=1&session=" + session + "&resume=secret-of-" + session
                + (position.isEmpty() ? "" : "&position=" + position);
    }

    private void ask(String rung) throws IOException {
        if (rung.equals(WEBSOCKET)) {
            connect();
            return;
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(QUIET_MS);
            socket.getOutputStream()
                    .write(("GET " + target(rung) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String status = line(in);
            boolean chunked = false;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                chunked |= header.toLowerCase(Locale.ROOT).matches("transfer-encoding: *chunked");
            }
            sound = status.contains(" 200 ");
            BufferedReader body =
                    new BufferedReader(new InputStreamReader(chunked ? new Chunks(in) : in, StandardCharsets.UTF_8));
            for (String line = body.readLine(); line != null && sound && !over; line = body.readLine()) {
                read(line);
            }
        }
    }

    private void connect() throws IOException {
        TestGateway.WebSocketClient messages = new TestGateway.WebSocketClient();
        URI uri = URI.create("ws://127.0.0.1:" + port + target(WEBSOCKET));
        WebSocket socket = null;
        try {
            socket = CLIENT.newWebSocketBuilder().buildAsync(uri, messages).get(QUIET_MS, TimeUnit.MILLISECONDS);
            String message = "";
            while (message != null && sound && !over && !message.startsWith("close:")) {
                read(message.substring(message.indexOf(':') + 1));
                message = messages.received.poll(QUIET_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            if (socket != null) {
                socket.abort();
            }
        }
    }

    private void read(String line) {
        Matcher objects = OBJECT.matcher(line);
        while (objects.find() && sound) {
            String object = objects.group();
            if (object.contains("\"control\":\"bye\"")) {
                over = object.contains("\"reason\":\"end\"");
                if (object.contains("\"reason\":\"failed\"")) {
                    throw new IllegalStateException("the answer has failed");
                }
            } else if (object.contains("\"topic\":\"proxy/up\"")) {
                event(object);
            }
        }
    }

    private void event(String object) {
        String data = Forwarding.field(object, "data");
        CRC32 sum = new CRC32();
        sum.update(data.getBytes(StandardCharsets.UTF_8));
        if (sum.getValue() != Long.parseLong(Forwarding.field(object, "sum"))) {
            sound = false;
            return;
        }
        position = Forwarding.field(object, "id");
        parts.merge(position, data, (first, again) -> first + " twice as " + again);
    }

    /** A line of a head or of chunks, which ends with CRLF. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection has ended");
            }
            line.append(next == '\r' ? "" : (char) next);
        }
        return line.toString();
    }

    /** The body in chunks, which boxes on the way cut as they like. */
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private int left;
        private boolean first = true;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                if (!first) {
                    line(in);
                }
                first = false;
                left = Integer.parseInt(line(in), 16);
            }
            int read = left == 0 ? -1 : in.read(to, offset, Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
