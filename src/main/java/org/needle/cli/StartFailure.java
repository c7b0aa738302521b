package org.needle.cli;

import java.net.BindException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.jspecify.annotations.Nullable;

/** Makes one line of an exception: what is wrong, and in which file, route or property. */
final class StartFailure {
    private static final String OURS = "camel.component.push.";

    private StartFailure() {}

    static String explain(Throwable failure, @Nullable CamelContext context) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable each = failure; each != null && !chain.contains(each); each = each.getCause()) {
            chain.add(each);
        }
        String where = "";
        String what = what(chain.get(chain.size() - 1), context);
        for (Throwable each : chain) {
            if (!(each instanceof PropertyBindingException) && oneLine(each).contains(OURS)) {
                return oneLine(each); // our own words name everything
            }
            where = where.isEmpty() ? where(each) : where;
            if (each instanceof PropertyBindingException wrong) {
                what = property(wrong, each == chain.get(chain.size() - 1) ? "there is no such option" : what);
            } else if (each instanceof ResolveEndpointFailedException && each.getCause() == null) {
                what = oneLine(each).replaceFirst(".* due to: ", "");
            }
        }
        return where + what;
    }

    private static String what(Throwable root, @Nullable CamelContext context) {
        if (root instanceof BindException taken
                && context != null
                && !oneLine(taken).contains(".port")) {
            return ingestPort(taken, context);
        }
        if (root instanceof NoSuchFileException missing && "routes".equals(missing.getFile())) {
            return "there is no folder routes/ here; start in the folder that has it, beside application.properties";
        }
        if (root instanceof ClassNotFoundException || root instanceof NoClassDefFoundError) {
            String name = String.valueOf(root.getMessage()).replace('/', '.');
            return "there is no class " + name + ": its jar belongs into lib/ beside needle.jar";
        }
        return oneLine(root);
    }

    /** The other ports name themselves; Camel's HTTP server does not, so ask whether it was this one. */
    private static String ingestPort(BindException failure, CamelContext context) {
        try {
            String host = context.resolvePropertyPlaceholders("{{ingest.host:127.0.0.1}}");
            String port = context.resolvePropertyPlaceholders("{{ingest.port:8081}}");
            Ports.check(host, Integer.parseInt(port), "ingest");
            return oneLine(failure);
        } catch (BindException e) {
            return oneLine(e);
        }
    }

    private static String where(Throwable failure) {
        if (failure instanceof FailedToCreateRouteException route) {
            return where(route.getRouteId(), route.getLocation());
        }
        if (failure instanceof FailedToStartRouteException route) {
            return where(route.getRouteId(), route.getLocation());
        }
        return "";
    }

    private static String where(@Nullable String route, @Nullable String location) {
        return "route " + route + (location == null ? "" : " (" + location + ")") + ": ";
    }

    private static String property(PropertyBindingException wrong, String why) {
        String prefix =
                wrong.getOptionPrefix() == null ? "" : wrong.getOptionPrefix().replaceFirst("\\.$", "") + ".";
        String key = wrong.getOptionKey() == null ? wrong.getPropertyName() : wrong.getOptionKey();
        return prefix + key + "=" + wrong.getValue() + ": " + why;
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.toString()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
