package org.needle.cli;

import java.net.BindException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.PropertyBindingException;
import org.jspecify.annotations.Nullable;

/** Makes one line of an exception: what is wrong, and in which file, route or property. */
final class StartFailure {
    private StartFailure() {}

    static String explain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable each = failure; each != null && !chain.contains(each); each = each.getCause()) {
            chain.add(each);
        }
        String where = "";
        String what = oneLine(chain.get(chain.size() - 1));
        for (Throwable each : chain) {
            where = where.isEmpty() ? where(each) : where;
            if (each instanceof PropertyBindingException wrong) {
                what = property(wrong, what);
            }
        }
        return where + what + hint(chain);
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
        String prefix = wrong.getOptionPrefix() == null ? "" : wrong.getOptionPrefix() + ".";
        String key = wrong.getOptionKey() == null ? wrong.getPropertyName() : wrong.getOptionKey();
        return prefix + key + "=" + wrong.getValue() + ": " + why;
    }

    private static String hint(List<Throwable> chain) {
        for (Throwable each : chain) {
            if (each instanceof BindException) {
                return " (another program has the port, or the address is not this machine's: ingest.port, ingest.host)";
            }
            if (each instanceof NoSuchFileException missing && "routes".equals(missing.getFile())) {
                return ": no folder routes/ here; start in the folder that has it and application.properties";
            }
        }
        return "";
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.toString()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
