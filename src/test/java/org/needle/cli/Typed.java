package org.needle.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** What a user typed, and what came of it. */
record Typed(int status, String out, String err) {

    static Typed needle(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Needle.commands().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = commands.execute(Needle.withDefault(arguments));
        return new Typed(status, out.toString(), err.toString());
    }

    /** The same in a process of its own. */
    static ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Needle.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
