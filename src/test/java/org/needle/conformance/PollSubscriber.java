package org.needle.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Polls again and again, each time from the position of the answer before. */
final class PollSubscriber extends Subscriber {
    private final Ask ask;
    private final Thread thread;

    PollSubscriber(Ask ask, int limit) {
        super(limit);
        this.ask = ask;
        this.thread = new Thread(this::run, "polls " + ask.target());
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            Ask next = ask;
            boolean more = true;
            while (more && !isEnded()) {
                HttpResponse<String> answer = poll(next);
                // a gateway that stops says 503; whoever waits for more than has come will complain
                more = answer.statusCode() == 200 && takeAll(answer);
                next = ask.from(answer.headers().firstValue("Needle-Position").orElse(""), ask.carrier());
            }
        } catch (IOException e) {
            // cut: what has come counts
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (AssertionError | RuntimeException e) {
            fault(e);
        } finally {
            end();
        }
    }

    private HttpResponse<String> poll(Ask next) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(next.uri("http"))
                .timeout(PATIENCE.multipliedBy(2))
                .header("Accept", "application/json");
        if (next.inHeader()) {
            request.header("Last-Event-ID", next.position());
        }
        HttpResponse<String> answer = ask.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200 && answer.statusCode() != 503) {
            throw new AssertionError(this + " got " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    /** Every answer begins with a hello of its own; only the first is worth recording. */
    private boolean takeAll(HttpResponse<String> answer) {
        JsonNode array = Frame.parse(answer.body());
        if (!array.isArray() || !array.path(0).path("control").asText().equals("hello")) {
            throw new AssertionError("a poll's answer is an array that begins with hello, not " + answer.body());
        }
        String position = array.path(0).path("position").asText();
        if (!position.equals(answer.headers().firstValue("Needle-Position").orElse(""))) {
            throw new AssertionError("Needle-Position is not hello's position: "
                    + answer.headers().map() + position);
        }
        boolean more = true;
        boolean met = !frames().isEmpty();
        for (int i = met ? 1 : 0; more && i < array.size(); i++) {
            Frame frame = Frame.of(array.get(i));
            more = take(frame) && !frame.control().equals("bye");
        }
        return more;
    }

    @Override
    public void close() {
        end();
        thread.interrupt();
    }

    @Override
    public String toString() {
        return "poll " + ask.target();
    }
}
