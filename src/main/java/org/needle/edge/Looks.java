package org.needle.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.needle.path.Manner;

/**
 * What a client's request says of it without words.
 *
 * @param resumes whether it says by {@code Last-Event-ID} where it is
 */
record Looks(Manner manner, boolean resumes) {
    private static final Map<Looks, Looks> ALL = Arrays.stream(Manner.values())
            .flatMap(manner -> Stream.of(new Looks(manner, true), new Looks(manner, false)))
            .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

    private static Looks of(Manner manner, boolean resumes) {
        Looks looks = new Looks(manner, resumes);
        return ALL.getOrDefault(looks, looks);
    }

    /**
     * An EventSource asks for SSE and that nothing be cached (WHATWG HTML 9.2.2). That of a browser comes back; so does whoever has
     * come back already; of others nobody knows.
     */
    static Looks of(HttpRequest request, Transport transport, Join.Claim claim) {
        HttpHeaders headers = request.headers();
        boolean resumes = headers.contains("Last-Event-ID");
        if (claim.receipts()) {
            return of(Manner.TELLS, resumes);
        }
        Network.Family family = Network.Family.of(headers.get(HttpHeaderNames.USER_AGENT, ""));
        boolean returns = transport == Transport.SSE
                && claim.mayReturn()
                && request.method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.ACCEPT, Accept.SSE, true)
                && headers.containsValue(HttpHeaderNames.CACHE_CONTROL, "no-cache", true)
                && (family.isBrowser() || (resumes && family != Network.Family.TERMINAL));
        return of(returns ? Manner.RETURNS : Manner.STAYS, resumes);
    }

    /** The same where coming back without a position would be something else: only who has shown one is sent away to return. */
    Looks thatResumes() {
        return manner == Manner.RETURNS && !resumes ? new Looks(Manner.STAYS, false) : this;
    }
}
