package org.needle.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandlerContext;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.netty.NettyConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.needle.cli.Ports;

/** Ordinary {@code netty-http} routes on ports of their own. */
class PortsOfRoutes {
    private final HttpClient http = HttpClient.newHttpClient();
    private final CamelContext context = new DefaultCamelContext();
    private final int port = Ports.free();

    @AfterEach
    void stop() {
        context.stop();
    }

    private void start(String name, String path) throws Exception {
        context.addComponent("netty-http", new HttpComponent());
        add(name, path);
        context.start();
    }

    /** Answers with its name and the body. */
    private void add(String name, String path) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("netty-http:http://127.0.0.1:" + port + path).routeId(name).process(exchange -> {
                    String body = exchange.getMessage().getBody(String.class);
                    exchange.getMessage().setBody(name + " " + body);
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
        start("one", "/in?matchOnUriPrefix=true&httpMethodRestrict=POST");
        assertThat(send(method, path, "x").statusCode()).isEqualTo(status);
    }

    /** Camel's own search takes everything up to the port's number for the name of the host. */
    @Test
    void mayHaveTheNumberOfThePortInTheirPaths() throws Exception {
        start("one", "/in?matchOnUriPrefix=true&httpMethodRestrict=POST");
        assertThat(send("POST", "/in/a:" + port + "/b", "x").statusCode()).isEqualTo(200);
    }

    @Test
    void shareOnePort() throws Exception {
        add("zero", "/zero");
        start("one", "/in?matchOnUriPrefix=true&httpMethodRestrict=POST");
        add("two", "/in/two?httpMethodRestrict=POST");
        assertThat(send("POST", "/in/two", "x").body()).startsWith("two ");
        assertThat(send("POST", "/in/three", "x").body()).startsWith("one ");
        context.getRouteController().stopRoute("two");
        assertThat(send("POST", "/in/two", "x").body()).startsWith("one ");
        context.getRouteController().stopRoute("one");
        assertThat(send("POST", "/zero", "x").body()).startsWith("zero ");
        context.getRouteController().stopRoute("zero");
        new ServerSocket(port).close();
        add("three", "/in/three");
        context.getRouteController().startRoute("one");
        assertThat(send("POST", "/in/two", "x").body()).startsWith("one ");
        assertThat(send("POST", "/in/three", "x").body()).startsWith("three ");
    }

    @Test
    void thatAreLoadedAgainHaveTheirNewOptions() throws Exception {
        String route = "/in?httpMethodRestrict=POST&chunkedMaxContentLength=";
        start("one", route + 10);
        assertThat(send("POST", "/in", "x".repeat(11)).statusCode()).isEqualTo(413);
        add("one", route + 20);
        assertThat(send("POST", "/in", "x".repeat(11)).body()).endsWith(" xxxxxxxxxxx");
        assertThat(send("POST", "/in", "x".repeat(21)).statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({"true, Epoll", "false, Nio"})
    void areServedByEpollUnlessAnOptionSaysNo(boolean asked, String channel) throws Exception {
        HttpComponent component = new HttpComponent();
        context.addComponent("netty-http", component);
        if (!asked) {
            component.getComponentPropertyConfigurer().configure(context, component, "nativeTransport", false, true);
        }
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("netty-http:http://127.0.0.1:" + port + "/in").setBody(each -> each.getMessage()
                        .getHeader(NettyConstants.NETTY_CHANNEL_HANDLER_CONTEXT, ChannelHandlerContext.class)
                        .channel()
                        .getClass()
                        .getSimpleName());
            }
        });
        context.start();
        assertThat(send("POST", "/in", "x").body()).isEqualTo(channel + "SocketChannel");
    }

    @Test
    void areCalledByOtherRoutes() throws Exception {
        start("one", "/in");
        add("two", "/on");
        context.getRouteController().stopRoute("two");
        context.getRouteController().startRoute("two");
        try (ProducerTemplate template = context.createProducerTemplate()) {
            String called = "netty-http:http://127.0.0.1:" + port;
            assertThat(template.requestBody(called + "/in", "x", String.class)).isEqualTo("one x");
            assertThat(template.requestBody(called + "/on", "y".repeat(100_000), String.class))
                    .hasSize(100_004);
        }
    }

    @Test
    void haveTheOptionsOfCamelsComponent() {
        HttpComponent component = new HttpComponent();
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
            assertThatThrownBy(() -> start("one", "/in"))
                    .rootCause()
                    .asInstanceOf(InstanceOfAssertFactories.throwable(BindException.class))
                    .hasMessageContaining("127.0.0.1:" + port);
        }
    }
}
