package org.needle.lab;

import java.util.List;
import java.util.regex.Pattern;

/** The table of {@code src/docs/lab.md}. Times that count from the profile's start say so. */
final class Profiles {
    private static final Fault NO_UPGRADE = new StripHeaders(List.of("Upgrade", "Connection"), List.of());

    static final List<Profile> ALL = List.of(
            Profile.of("clear", "does nothing", new Clear()),
            Profile.of(
                    "buffer-response",
                    "sends each response's head at once and holds its body to the end",
                    new BufferResponse(false, false)),
            Profile.of(
                    "buffer-response-obedient",
                    "the same, but honours X-Accel-Buffering: no",
                    new BufferResponse(false, true)),
            Profile.of(
                    "buffer-4k",
                    "forwards bodies of responses in full blocks of 4 KiB, and the rest at the end",
                    new BufferBlocks(4 << 10)),
            Profile.of("late-by-one", "holds the last chunk of a body until the next one comes", new LateByOne()),
            Profile.of("cork-200ms", "delays every chunk by 206 ms", new DelayChunks(206)),
            Profile.of(
                    "scan-tls",
                    "holds streamed responses to their end, heads too; passes WebSocket (with --tls it intercepts)",
                    new BufferResponse(true, false)),
            Profile.of("scan-tls-no-ws", "the same, and removes Upgrade", NO_UPGRADE, new BufferResponse(true, false)),
            Profile.of("strip-upgrade", "removes Upgrade and Connection from requests", NO_UPGRADE),
            Profile.of("reset-upgrade", "resets connections that ask for an upgrade", new RefuseUpgrade(Ending.RESET)),
            Profile.of(
                    "drop-upgrade",
                    "lets connections that ask for an upgrade hang, and tells nobody",
                    new RefuseUpgrade(Ending.SILENCE)),
            Profile.of(
                    "kill-after-101",
                    "closes 100 to 500 ms after a 101; the seed says when",
                    new KillAfterUpgrade(100, 500)),
            Profile.of(
                    "swallow",
                    "passes the head of streams and the 101 and then nothing; bodies with Content-Length pass",
                    new Swallow()),
            Profile.of("deny-event-stream", "403 for text/event-stream", new DenyType("text/event-stream")),
            Profile.of("get-only", "405 for everything but GET", new AllowMethods(List.of("GET"))),
            Profile.of(
                    "strip-headers",
                    "removes Last-Event-ID, Accept, Cache-Control and Authorization",
                    new StripHeaders(
                            List.of("Last-Event-ID", "Accept", "Cache-Control", "Authorization"),
                            List.of("Cache-Control"))),
            Profile.of("idle-cut-4s", "closes after 4 s of silence in both directions", new IdleCut(4_000)),
            Profile.of("max-life-5s", "ends every connection at an age of 5 s, by FIN", new MaxLife(5_000, Ending.FIN)),
            Profile.of(
                    "max-life-5s-rst",
                    "the same by a reset that only the client sees",
                    new MaxLife(5_000, Ending.RESET_CLIENT)),
            Profile.of(
                    "max-life-5s-rst-server",
                    "the same by a reset that only the server sees",
                    new MaxLife(5_000, Ending.RESET_SERVER)),
            Profile.of("max-life-5s-silent", "the same, and nobody is told", new MaxLife(5_000, Ending.SILENCE)),
            Profile.of(
                    "half-open",
                    "5 s after the start, and every 30 s, forgets the open connections and tells nobody",
                    new HalfOpen(5_000, 30_000)),
            Profile.of(
                    "rewrite",
                    "changes a byte of each data field and of each line of plain text in bodies; not in WebSocket",
                    new Rewrite(
                            Pattern.compile("text/(event-stream|plain)|application/(x-ndjson|json)"),
                            Pattern.compile("(?m)\"data\" ?: ?\"(?=[^\"\\\\])"
                                    + "|^(data: ?|(?!id|event|data|retry|:))(?=[^{}\\[\\]\"\\s])"))),
            Profile.of("http10", "speaks HTTP/1.0 to the server and to the client", new Http10()),
            Profile.of(
                    "connect-only-auth",
                    "an explicit proxy: CONNECT to port 443 or the target's, as user/secret; leads to the target only",
                    new ConnectOnly(List.of(443), "user", "secret")),
            Profile.of("captive-portal", "redirects every request for the first 10 s", new CaptivePortal(10_000)),
            Profile.of("blip-502", "502 for the first 5 s", new Unavailable(5_000, 502)),
            Profile.of(
                    "tunnel",
                    "nothing passes from 0 to 4 s and from 14 to 54 s",
                    new Dark(List.of(new Dark.Period(0, 4_000), new Dark.Period(14_000, 54_000)))));

    private Profiles() {}
}
