package org.needle.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
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
}
