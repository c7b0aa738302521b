package org.needle.camel;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.needle.client.Dial;
import org.needle.client.DialException;
import org.needle.hub.Content;
import org.needle.hub.Event;
import org.needle.hub.Topic;

/** Posts each exchange as an event's JSON object; never blocks. */
final class HttpsProxyProducer extends DefaultAsyncProducer {
    private final URI target;
    private final Dial dial;
    private final Duration responseTimeout;
    private final Turns turns;
    /** Where routes go on after an answer: their next steps may block, which the client's threads must not. */
    private @Nullable ExecutorService continuing;

    HttpsProxyProducer(HttpsProxyEndpoint endpoint, URI target, Dial dial, Duration responseTimeout, Turns turns) {
        super(endpoint);
        this.target = target;
        this.dial = dial;
        this.responseTimeout = responseTimeout;
        this.turns = turns;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            HttpRequest request = request(exchange);
            ExecutorService pool = Objects.requireNonNull(continuing, "not started");
            turns.take(() -> send(request, pool, exchange, callback));
        } catch (Exception e) { // every failure of a producer belongs to its exchange
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        return false;
    }

    private void send(HttpRequest request, ExecutorService pool, Exchange exchange, AsyncCallback callback) {
        CompletableFuture<HttpResponse<Void>> answer = dial.send(request, HttpResponse.BodyHandlers.discarding());
        // a copy, because the time-out must not complete the original: cancelling that one ends the request
        answer.copy()
                .orTimeout(responseTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (response, failure) -> {
                            answer.cancel(true);
                            turns.leave();
                            conclude(exchange, response, failure);
                            callback.done(false);
                        },
                        pool);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        continuing =
                getEndpoint().getCamelContext().getExecutorServiceManager().newDefaultThreadPool(this, "https-proxy");
    }

    @Override
    protected void doStop() throws Exception {
        if (continuing != null) {
            getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(continuing);
            continuing = null;
        }
        super.doStop();
    }

    private void conclude(Exchange exchange, @Nullable HttpResponse<Void> response, @Nullable Throwable failure) {
        if (response == null || failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            String why = cause instanceof TimeoutException
                    ? "did not answer within " + responseTimeout.toMillis() + " ms"
                    : "failed: " + (cause instanceof DialException fault ? fault.getMessage() : String.valueOf(cause));
            exchange.setException(unreached(exchange, why, cause));
        } else if (response.statusCode() / 100 != 2) {
            exchange.setException(unreached(exchange, "answered " + response.statusCode(), null));
        }
    }

    /** Names the target without its query, which may hold a secret. */
    private UnreachedException unreached(Exchange exchange, String why, @Nullable Throwable cause) {
        String name = target.getScheme() + "://" + target.getHost()
                + (target.getPort() < 0 ? "" : ":" + target.getPort()) + target.getPath();
        return new UnreachedException(name + " " + why, exchange, List.of(name), cause);
    }

    private HttpRequest request(Exchange exchange) throws CamelExchangeException {
        Message message = exchange.getMessage();
        String topicName = message.getHeader(PushHeaders.TOPIC, String.class);
        Topic topic = topicName == null ? null : Topic.of(topicName);
        Content content = Bodies.content(exchange, message.getHeader(PushHeaders.EVENT_NAME, String.class));
        Lineage lineage = Lineage.of(exchange);
        String session = message.getHeader(PushHeaders.SESSION, String.class);
        Event event = lineage.published(topic, content);
        if (event != null) {
            String id = event.position().toString();
            return post(id, session, event.topic(), event.content());
        }
        if (topic == null) {
            throw new CamelExchangeException(
                    "an event needs a topic: set the header " + PushHeaders.TOPIC + " before https-proxy:", exchange);
        }
        return post(id(exchange, lineage), session, topic, content);
    }

    /** Where no leg has published this: what the route says it is, else something that stays the same in redeliveries. */
    private static String id(Exchange exchange, Lineage lineage) {
        String known = exchange.getMessage().getHeader(PushHeaders.EVENT_ID, String.class);
        String key = lineage.idempotencyKey(exchange);
        return known != null ? known : key != null ? key : lineage.id();
    }

    /** One event may be posted for several sessions: each is a request of its own, which a key must not make one. */
    private HttpRequest post(String id, @Nullable String session, Topic topic, Content content) {
        return dial.request(target)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", session == null ? id : id + "/" + session)
                .POST(HttpRequest.BodyPublishers.ofByteArray(json(id, session, topic, content)))
                .build();
    }

    private static byte[] json(String id, @Nullable String session, Topic topic, Content content) {
        JsonObject object = new JsonObject();
        object.put("id", id);
        if (session != null) {
            object.put("session", session);
        }
        object.put("topic", topic.name());
        if (content.name() != null) {
            object.put("event", content.name());
        }
        object.put(
                "data", content.text() ? content.string() : Base64.getEncoder().encodeToString(content.data()));
        if (!content.text()) {
            object.put("encoding", "base64");
        }
        return object.toJson().getBytes(StandardCharsets.UTF_8);
    }
}
