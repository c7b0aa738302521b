package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.Secrets;
import org.needle.access.Mint;

/** A marker put into keys, tokens and tickets: it turns up in no log, metric, page or error. */
@Isolated("listens to everything that is logged")
class MarkedSecrets {
    private static final String MARKER = Secrets.MARKER;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final StringBuilder answers = new StringBuilder();

    private HttpResponse<String> send(URI uri, String method, String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        answers.append(answer.headers().map()).append(answer.body()).append('\n');
        Secrets.given(answer.headers().map() + answer.body());
        return answer;
    }

    private static <T> T withEverythingLogged(StringWriter log, java.util.concurrent.Callable<T> work)
            throws Exception {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        Appender appender = (Appender) Proxy.newProxyInstance(
                MarkedSecrets.class.getClassLoader(),
                new Class<?>[] {Appender.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "append" -> note((LogEvent) arguments[0], log);
                    case "getName" -> "marked";
                    case "isStarted" -> true;
                    default -> method.getReturnType() == boolean.class ? (Object) false : null;
                });
        Logger root = context.getRootLogger();
        Level level = root.getLevel();
        root.addAppender(appender);
        Configurator.setRootLevel(Level.DEBUG);
        try {
            return work.call();
        } finally {
            root.removeAppender(appender);
            Configurator.setRootLevel(level);
        }
    }

    private static synchronized Object note(LogEvent event, StringWriter log) {
        log.append(event.getLevel().name())
                .append(' ')
                .append(event.getLoggerName())
                .append(event.getMessage().getFormattedMessage())
                .append('\n');
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintWriter(log));
        }
        return null;
    }

    @Test
    void areNowhereToBeSeen() throws Exception {
        String secret = MARKER + "-a-secret-of-at-least-32-bytes";
        Mint mint = new Mint(secret);
        Path key = Files.writeString(folder.resolve("key"), secret);
        StringWriter log = new StringWriter();
        List<String> tickets = withEverythingLogged(log, () -> run(mint, key));
        assertThat(log.toString())
                .as("the log was listened to")
                .contains("Needle listens on", "DEBUG org.apache.camel");
        assertThat(log.toString()).doesNotContain(MARKER);
        assertThat(answers.toString()).doesNotContain(MARKER);
        for (String ticket : tickets) {
            assertThat(ticket).hasSizeGreaterThan(40);
            assertThat(log.toString()).doesNotContain(ticket);
            assertThat(answers.toString()).doesNotContain(ticket);
        }
    }

    /** Good and bad requests; returns the secrets that the gateway made. */
    private List<String> run(Mint mint, Path key) throws Exception {
        // the signature carries no marker, so it is looked for by itself
        String good = mint.token(mint.claims("me", List.of("t"), List.of("t")).claim("m", MARKER));
        String bad = good + MARKER;
        try (RunningGateway gateway = RunningGateway.in(folder)
                .with("camel.component.push.token-key", key.toString())
                .with("camel.component.push.token-issuer", Mint.ISSUER)
                .with("camel.component.push.token-audience", Mint.AUDIENCE)
                .start()) {
            URI open = gateway.open();
            String poll = "/events?topic=t&transport=poll&wait=0";
            tokens(open, poll, List.of(good, bad, MARKER, MARKER.repeat(2000)));
            send(open.resolve(poll + "&ticket=" + MARKER), "GET", "");
            send(open.resolve(poll + "&access_token=" + MARKER), "GET", "");
            send(open.resolve(poll), "GET", "", "Cookie", "__Host-needle=" + MARKER);
            send(open.resolve("/tickets"), "POST", "{\"token\":\"" + bad + "\"}");
            send(open.resolve("/tickets"), "POST", "{" + MARKER);
            HttpResponse<String> sold = http.send(
                    HttpRequest.newBuilder(open.resolve("/tickets?cookie=true"))
                            .header("Authorization", "Bearer " + good)
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            String ticket = sold.body().replaceAll(".*\"ticket\":\"([^\"]*)\".*", "$1");
            String cookie = sold.headers().firstValue("Set-Cookie").orElse("").replaceAll("[^=]*=([^;]*);.*", "$1");
            assertThat(send(open.resolve(poll + "&ticket=" + ticket), "GET", "").statusCode())
                    .isEqualTo(200);
            assertThat(send(open.resolve(poll + "&ticket=" + ticket), "GET", "").statusCode())
                    .isEqualTo(401);
            assertThat(send(open.resolve(poll), "GET", "", "Cookie", "__Host-needle=" + cookie)
                            .statusCode())
                    .isEqualTo(200);
            send(open.resolve("/"), "GET", "");
            Files.writeString(key, "-----BEGIN " + MARKER);
            operate(gateway);
            return List.of(ticket, cookie, good.substring(good.lastIndexOf('.') + 1));
        }
    }

    private void operate(RunningGateway gateway) throws Exception {
        URI management = gateway.management();
        send(management.resolve("/observe/metrics"), "GET", "");
        send(management.resolve("/observe/health"), "GET", "");
    }

    private void tokens(URI open, String poll, List<String> tokens) throws Exception {
        for (String token : tokens) {
            if (token.length() < 9_000) {
                send(open.resolve(poll), "GET", "", "Authorization", "Bearer " + token);
                send(open.resolve("/events?topic=no"), "GET", "", "Authorization", "Bearer " + token);
                send(open.resolve("/events?topic=t"), "POST", "hi", "Authorization", "Bearer " + token);
                send(open.resolve("/info"), "GET", "", "Authorization", token, "Cookie", "__Host-needle=" + token);
                send(open.resolve("/no-such-path"), "GET", "", "Authorization", "Bearer " + token);
            }
            firstFrame(open, token);
        }
    }

    private static void firstFrame(URI open, String token) throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws" + open.toString().substring(4) + "/events?topic=no&open=frame"),
                        new WebSocket.Listener() {
                            @Override
                            public java.util.concurrent.CompletionStage<?> onClose(
                                    WebSocket from, int code, String why) {
                                ended.complete(null);
                                return null;
                            }
                        })
                .get(20, TimeUnit.SECONDS);
        socket.sendText("{\"control\":\"open\",\"token\":\"" + token + "\"}", true);
        ended.get(20, TimeUnit.SECONDS);
    }
}
