package org.needle.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.needle.cli.Ports;
import org.needle.edge.Io;

/** Ordinary {@code netty-http} routes on ports of their own. */
class PortsOfRoutes {
    private final HttpClient http = HttpClient.newHttpClient();
    private final CamelContext context = new DefaultCamelContext();
    private final int port = Ports.free();

    @AfterEach
    void stop() {
        context.stop();
    }

    private void start(Io io, String name, String path) throws Exception {
        context.addComponent("netty-http", new HttpComponent(() -> io));
        add(name, path);
        context.start();
    }

    /** Answers with its name, its thread and the body. */
    private void add(String name, String path) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("netty-http:http://127.0.0.1:" + port + path).routeId(name).process(exchange -> {
                    String thread = Thread.currentThread().getName().replaceAll("\\d.*", "");
                    String body = exchange.getMessage().getBody(String.class);
                    exchange.getMessage().setBody(name + " " + thread + " " + body);
                });
            }
        });
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @EnumSource(Io.class)
    void areServedByTheEdgesWayOfInputAndOutput(Io io) throws Exception {
        start(io, "one", "/in?matchOnUriPrefix=true&httpMethodRestrict=POST&usingExecutorService=false");
        assertThat(send("POST", "/in/a", "x").body()).isEqualTo("one needle-port- x");
        assertThat(send("POST", "/in/a", "y".repeat(100_000)).body()).hasSize(100_017);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /in/a, 200",
        "POST, /in/a?x=/b, 200",
        "POST, /in, 200",
        "POST, /in/, 200",
        "POST, /inner, 200",
        "POST, /, 404",
        "POST, /a/in/, 404",
        "GET, /in/a, 405",
        "OPTIONS, /in/a, 200",
        "GET, /other, 404"
    })
    void theOnlyOneOfItsPortGetsWhatItsPathAndMethodSay(String method, String path, int status) throws Exception {
        start(Io.AUTO, "one", "/in?matchOnUriPrefix=true&httpMethodRestrict=POST");
        assertThat(send(method, path, "x").statusCode()).isEqualTo(status);
    }

    /** Camel's own search takes everything up to the port's number for the name of the host. */
    @Test
    void mayHaveTheNumberOfThePortInTheirPaths() throws Exception {
        start(Io.AUTO, "one", "/in?matchOnUriPrefix=true&httpMethodRestrict=POST");
        assertThat(send("POST", "/in/a:" + port + "/b", "x").statusCode()).isEqualTo(200);
    }

    @Test
    void shareOnePort() throws Exception {
        start(Io.AUTO, "one", "/in?matchOnUriPrefix=true&httpMethodRestrict=POST");
        add("two", "/in/two?httpMethodRestrict=POST");
        assertThat(send("POST", "/in/two", "x").body()).startsWith("two ");
        assertThat(send("POST", "/in/three", "x").body()).startsWith("one ");
        context.getRouteController().stopRoute("two");
        assertThat(send("POST", "/in/two", "x").body()).startsWith("one ");
        context.getRouteController().stopRoute("one");
        new ServerSocket(port).close();
    }

    @Test
    void thatAreLoadedAgainHaveTheirNewOptions() throws Exception {
        String route = "/in?httpMethodRestrict=POST&chunkedMaxContentLength=";
        start(Io.AUTO, "one", route + 10);
        assertThat(send("POST", "/in", "x".repeat(11)).statusCode()).isEqualTo(413);
        add("one", route + 20);
        assertThat(send("POST", "/in", "x".repeat(11)).body()).endsWith(" xxxxxxxxxxx");
        assertThat(send("POST", "/in", "x".repeat(21)).statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({"nativeTransport=true", "option.child.tcpNoDelay=true"})
    void areServedByCamelsOwnWhereOnlyThatObeysTheirOptions(String option) throws Exception {
        start(Io.AUTO, "one", "/in?usingExecutorService=false&" + option);
        assertThat(send("POST", "/in", "x").body()).startsWith("one Camel Thread");
    }

    @Test
    void haveTheOptionsOfCamelsComponent() {
        HttpComponent component = new HttpComponent(() -> Io.AUTO);
        context.addComponent("netty-http", component);
        component.build();
        assertThat(component
                        .getComponentPropertyConfigurer()
                        .configure(context, component, "muteException", true, true))
                .isTrue();
        assertThat(component.isMuteException()).isTrue();
    }

    @Test
    void sayWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(port)) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(() -> start(Io.AUTO, "one", "/in"))
                    .rootCause()
                    .asInstanceOf(InstanceOfAssertFactories.throwable(BindException.class))
                    .hasMessageContaining("127.0.0.1:" + port);
        }
    }
}
