package org.needle.cli;

import java.io.ObjectInputFilter;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.needle.client.Dial;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line: each subcommand is a class beside this one; without one the gateway runs. */
@Command(
        name = "needle",
        description = "Gets an Apache Camel application's events through any firewall.",
        mixinStandardHelpOptions = true,
        versionProvider = Needle.Version.class,
        subcommands = {Run.class, Publish.class, Tail.class, AskDoctor.class, OpenLab.class, Token.class},
        footer = {"", "Without a command: run. Help for each: needle COMMAND --help"})
public final class Needle implements Runnable {
    private static final Set<String> OWN_OPTIONS = Set.of("-h", "--help", "-V", "--version");

    public static void main(String... arguments) {
        refuseSerializedObjects();
        shareOneAllocator();
        Dial.allowCredentialsInTunnels();
        System.exit(execute(arguments));
    }

    /** Exit status: 0 done, 1 failed, 2 wrong arguments. */
    static int execute(String... arguments) {
        return commands().execute(withDefault(arguments));
    }

    static CommandLine commands() {
        return new CommandLine(new Needle())
                .setParameterExceptionHandler(Needle::wrongArguments)
                .setExecutionExceptionHandler(Needle::failed);
    }

    @Override
    public void run() {
        throw new IllegalStateException("run is the default");
    }

    static String[] withDefault(String... arguments) {
        if (arguments.length > 0 && (!arguments[0].startsWith("-") || OWN_OPTIONS.contains(arguments[0]))) {
            return arguments;
        }
        String[] run = new String[arguments.length + 1];
        run[0] = "run";
        System.arraycopy(arguments, 0, run, 1, arguments.length);
        return run;
    }

    private static int wrongArguments(ParameterException e, String... arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + oneLine(e.getMessage()) + " (see " + name + " --help)");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + oneLine(e instanceof Failure ? e.getMessage() : e.toString()));
        if (!(e instanceof Failure)) {
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "" : message.replaceAll("\\s*\\R\\s*", " ");
    }

    /** Nothing here needs Java serialization, and a JMS ObjectMessage is the classic way to abuse it. */
    private static void refuseSerializedObjects() {
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter("!*"));
        }
    }

    /** The public port allocates from Netty's pools: with them for everything there is one set of memory, and less code to warm up. */
    private static void shareOneAllocator() {
        String choice = "io.netty.allocator.type";
        System.setProperty(choice, System.getProperty(choice, "pooled"));
    }

    /** A command could not do its work: the message is for the user, a stack trace would say no more. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message, null, false, false);
        }
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String own = Needle.class.getPackage().getImplementationVersion();
            String camel = org.apache.camel.CamelContext.class.getPackage().getImplementationVersion();
            return new String[] {
                "needle " + (own == null ? "(not packaged)" : own) + ", Camel " + camel + ", Java " + Runtime.version()
            };
        }
    }
}
