package org.needle.matrix;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.needle.lab.Profile;

/** What each client made of each hostile network, as the tests measured it: {@code target/lab-matrix.md} and {@code .html}. */
public final class LabMatrix {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path FOLDER = Path.of("target");

    /** In the order of the page; others follow. */
    private static final List<String> ORDER = List.of(
            "NeedleSource in Chromium",
            "NeedleSource in Node",
            "needle tail",
            "EventSource in Chromium",
            "raw sse",
            "raw websocket",
            "raw stream",
            "raw poll");

    /**
     * One client on one network.
     *
     * @param first ms to the first event; negative: none came
     * @param proved ms to the first proved transport; negative: the client proves none
     * @param best ms to the transport that it stayed on; negative likewise
     * @param transport the one that it stayed on
     * @param switches changes of transport after the first
     * @param lost events that did not come
     * @param doubled events that came again
     * @param requests requests made in all
     * @param late the 95th percentile of the time from publish to arrival, in ms, of the last third
     * @param verdicts what the client has found out
     */
    public record Cell(
            long first,
            long proved,
            long best,
            String transport,
            int switches,
            int lost,
            int doubled,
            int requests,
            long late,
            Map<String, String> verdicts) {

        /** Of a client without a ladder, which is only asked whether events come. */
        public static Cell of(long first, String transport, int requests) {
            return new Cell(first, -1, -1, transport, 0, 0, 0, requests, -1, Map.of());
        }

        private String inShort() {
            if (first < 0) {
                return "nothing";
            }
            return proved < 0
                    ? seconds(first)
                    : seconds(first) + ", " + transport + " after " + seconds(best)
                            + (lost + doubled == 0 ? "" : ", **lost " + lost + ", doubled " + doubled + "**");
        }

        private List<String> all() {
            List<String> found = new ArrayList<>();
            new TreeMap<>(verdicts).forEach((rung, verdict) -> found.add(rung + " " + verdict));
            return List.of(
                    seconds(first),
                    seconds(proved),
                    transport + (best < 0 ? "" : ", " + seconds(best)),
                    Integer.toString(switches),
                    Integer.toString(lost),
                    Integer.toString(doubled),
                    Integer.toString(requests),
                    late < 0 ? "" : late + " ms",
                    String.join(", ", found));
        }

        private static String seconds(long millis) {
            return millis < 0 ? "" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
    }

    private LabMatrix() {}

    /** Puts down a measurement and writes the pages anew. */
    public static synchronized void put(String profile, String client, Cell cell) {
        try {
            Map<String, Map<String, Cell>> all = read();
            all.computeIfAbsent(client, name -> new TreeMap<>()).put(profile, cell);
            MAPPER.writerWithDefaultPrettyPrinter().writeValue(file("json").toFile(), all);
            List<List<List<String>>> tables = new ArrayList<>();
            List<String> titles = new ArrayList<>();
            titles.add("In short: time to the first event, the transport that the client came to and when");
            tables.add(summary(all));
            for (String each : clients(all)) {
                titles.add(each);
                tables.add(details(all.get(each)));
            }
            Files.writeString(file("md"), markdown(titles, tables));
            Files.writeString(file("html"), html(titles, tables));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String ending) {
        return FOLDER.resolve("lab-matrix." + ending);
    }

    private static Map<String, Map<String, Cell>> read() throws IOException {
        if (!Files.exists(file("json"))) {
            return new TreeMap<>();
        }
        var types = MAPPER.getTypeFactory();
        var cells = types.constructMapType(TreeMap.class, String.class, Cell.class);
        return MAPPER.readValue(
                file("json").toFile(), types.constructMapType(TreeMap.class, types.constructType(String.class), cells));
    }

    private static List<String> clients(Map<String, Map<String, Cell>> all) {
        List<String> clients = new ArrayList<>(ORDER);
        clients.retainAll(all.keySet());
        all.keySet().stream().filter(each -> !ORDER.contains(each)).forEach(clients::add);
        return clients;
    }

    private static List<List<String>> summary(Map<String, Map<String, Cell>> all) {
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("profile"));
        head.addAll(clients(all));
        table.add(head);
        for (String profile : Profile.names()) {
            List<String> row = new ArrayList<>(List.of("`" + profile + "`"));
            for (String client : clients(all)) {
                Cell cell = all.get(client).get(profile);
                row.add(cell == null ? "" : cell.inShort());
            }
            table.add(row);
        }
        return table;
    }

    private static List<List<String>> details(Map<String, Cell> cells) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of(
                "profile",
                "first event",
                "proved",
                "stays on",
                "switches",
                "lost",
                "doubled",
                "requests",
                "late (p95)",
                "verdicts"));
        for (String profile : Profile.names()) {
            if (cells.containsKey(profile)) {
                List<String> row = new ArrayList<>(List.of("`" + profile + "`"));
                row.addAll(cells.get(profile).all());
                table.add(row);
            }
        }
        return table;
    }

    private static String markdown(List<String> titles, List<List<List<String>>> tables) {
        StringBuilder page =
                new StringBuilder("# The lab's matrix\n\nWritten by the tests. Profiles: [The lab](lab.md).\n");
        for (int i = 0; i < titles.size(); i++) {
            page.append("\n## ").append(titles.get(i)).append("\n\n");
            List<List<String>> table = tables.get(i);
            line(page, table.get(0));
            page.append("|---".repeat(table.get(0).size())).append("|\n");
            table.stream().skip(1).forEach(row -> line(page, row));
        }
        return page.toString();
    }

    private static void line(StringBuilder page, List<String> cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String html(List<String> titles, List<List<List<String>>> tables) {
        StringBuilder page = new StringBuilder("<!doctype html><meta charset=utf-8><title>The lab's matrix</title>"
                + "<style>body{font:14px sans-serif}table{border-collapse:collapse}td,th{border:1px solid #ccc;"
                + "padding:2px 6px;text-align:left}</style><h1>The lab's matrix</h1>\n");
        for (int i = 0; i < titles.size(); i++) {
            page.append("<h2>").append(titles.get(i)).append("</h2><table>\n");
            for (List<String> row : tables.get(i)) {
                page.append("<tr>");
                row.forEach(cell -> page.append("<td>").append(cell.replaceAll("[`*]", "")));
                page.append("\n");
            }
            page.append("</table>\n");
        }
        return page.toString();
    }
}
