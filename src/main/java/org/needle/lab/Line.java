package org.needle.lab;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The engine: one client's connection (over HTTP/2: one of its streams), the connection to the server behind it, and the chain of places
 * in between. It never asks which faults they are. Owned by the event loop of the client's connection, on which the server's is too.
 */
final class Line {
    private final Network network;
    private final Channel client;
    private final SplittableRandom chance;
    private final Deque<HttpRequest> asked = new ArrayDeque<>();
    private final Deque<Piece> waiting = new ArrayDeque<>();

    private List<Place> places = List.of();
    private @Nullable Channel server;
    private @Nullable ChannelFuture toldClient;
    private @Nullable ChannelFuture toldServer;
    private Piece.@Nullable Answer answer;
    private Piece.@Nullable Answer passed;

    private boolean connecting;
    private boolean raw;
    private boolean stranded;
    private boolean clientClosed;
    private boolean serverClosed;
    private boolean clientPaused;
    private boolean serverPaused;
    private boolean over;

    Line(Network network, Channel client, long number) {
        this.network = network;
        this.client = client;
        this.chance = network.chance(number);
    }

    /** Puts a chain between the two sides, in place of the one before, which passes on what it holds. */
    void follow(Network.Reign reign) {
        if (over || stranded) {
            return;
        }
        places.forEach(Place::leave);
        readClient(true);
        readServer(true);
        List<Fault> faults = reign.profile().faults();
        List<Place> chain = new ArrayList<>();
        for (int i = 0; i < faults.size(); i++) {
            chain.add(new Place(this, i, faults.get(i), reign.begun()));
        }
        places = chain;
    }

    // ---- what places ask ----

    EventLoop loop() {
        return client.eventLoop();
    }

    long opened() {
        return Network.opened(Closing.tcp(client));
    }

    SplittableRandom chance() {
        return chance;
    }

    int targetPort() {
        return network.target().getPort();
    }

    boolean isStreaming() {
        return raw || (answer != null && answer.isStream());
    }

    // ---- pieces on their way ----

    void fromClient(Piece piece) {
        if (piece instanceof Piece.Ask ask) {
            network.record(ask.head());
        }
        up(0, piece);
    }

    void fromServer(Piece piece) {
        if (piece instanceof Piece.Answer head) {
            answer = head;
        } else if (piece instanceof Piece.End) {
            answer = null;
            asked.poll();
        }
        down(places.size() - 1, piece);
    }

    void up(int index, Piece piece) {
        if (stranded || over) {
            piece.release();
        } else if (index < places.size()) {
            places.get(index).stage().up(piece);
        } else {
            toServer(piece);
        }
    }

    void down(int index, Piece piece) {
        if (stranded || over) {
            piece.release();
        } else if (index >= 0) {
            places.get(index).stage().down(piece);
        } else {
            toClient(piece);
        }
    }

    /** An interim response (RFC 9110, 15.2), which concerns no fault. */
    void interim(HttpResponse head) {
        if (!stranded && !over) {
            client.write(head);
            client.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /** The request that the server's next response answers. */
    @Nullable
    HttpRequest asked() {
        return asked.peek();
    }

    private void toServer(Piece piece) {
        Channel to = server;
        if (to == null && piece instanceof Piece.Gone && !connecting) {
            closed(false);
        } else if (to == null) {
            waiting.add(piece);
            connect();
        } else if (piece instanceof Piece.Gone) {
            Closing.after(toldServer, to);
        } else {
            if (piece instanceof Piece.Ask ask) {
                asked.add(ask.head());
            }
            toldServer = to.writeAndFlush(piece.message());
        }
    }

    private void toClient(Piece piece) {
        if (piece instanceof Piece.Gone) {
            Closing.after(toldClient, client);
            return;
        }
        if (piece instanceof Piece.Answer head) {
            passed = head;
        }
        toldClient = client.writeAndFlush(piece.message());
        if (piece instanceof Piece.End && passed != null) {
            answered(passed);
        }
    }

    private void answered(Piece.Answer done) {
        boolean tunnel = done.to().method().equals(HttpMethod.CONNECT)
                && done.head().status().code() / 100 == 2;
        if (done.isUpgrade() || tunnel) {
            becomeRaw();
        } else if (!HttpUtil.isKeepAlive(done.head()) && !(client instanceof Http2StreamChannel)) {
            Closing.after(toldClient, client);
        }
    }

    // ---- the server's connection ----

    private void connect() {
        if (!connecting) {
            connecting = true;
            network.connect(this, raw).addListener((ChannelFuture done) -> connected(done));
        }
    }

    private void connected(ChannelFuture done) {
        connecting = false;
        if (!done.isSuccess()) {
            serverClosed = true;
            end(Ending.RESET);
            finishIfClosed();
            return;
        }
        server = done.channel();
        if (over || stranded) {
            server.close();
            return;
        }
        applyReading();
        for (Piece piece = waiting.poll(); piece != null; piece = waiting.poll()) {
            toServer(piece);
        }
    }

    /** From here on the connection carries something else than HTTP. */
    void becomeRaw() {
        raw = true;
        Network.dropCodec(client);
        if (server == null) {
            connect();
        } else {
            Network.dropCodec(server);
        }
    }

    // ---- reading and writing ----

    void readServer(boolean more) {
        serverPaused = !more;
        applyReading();
    }

    void readClient(boolean more) {
        clientPaused = !more;
        applyReading();
    }

    /** Also when a side takes more again, or does not. */
    void applyReading() {
        boolean free = server == null || stranded || server.isWritable();
        client.config().setAutoRead(stranded || (!clientPaused && free));
        if (server != null) {
            server.config().setAutoRead(stranded || (!serverPaused && client.isWritable()));
        }
    }

    // ---- endings ----

    /** A side has closed its connection. */
    void closed(boolean byClient) {
        if (byClient) {
            clientClosed = true;
            up(0, new Piece.Gone(Network.now()));
        } else {
            serverClosed = true;
            down(places.size() - 1, new Piece.Gone(Network.now()));
        }
        finishIfClosed();
    }

    void end(Ending ending) {
        if (over || stranded) {
            return;
        }
        stranded = true;
        places.forEach(Place::over);
        applyReading();
        switch (ending) {
            case FIN -> {
                Closing.after(toldClient, Closing.tcp(client));
                hangUp(true);
            }
            case RESET, RESET_CLIENT -> Closing.reset(Closing.tcp(client));
            case RESET_SERVER, SILENCE -> {}
        }
        if (ending == Ending.RESET || ending == Ending.RESET_SERVER) {
            hangUp(false);
        }
        finishIfClosed();
    }

    private void hangUp(boolean inOrder) {
        if (server != null && inOrder) {
            Closing.after(toldServer, server);
        } else if (server != null) {
            Closing.reset(server);
        }
    }

    private void finishIfClosed() {
        boolean nobody = serverClosed || (stranded && server == null && !connecting);
        if (clientClosed && nobody && !over) {
            over = true;
            if (!stranded) {
                places.forEach(Place::over);
            }
            waiting.forEach(Piece::release);
            waiting.clear();
            network.forget(this);
        }
    }
}
