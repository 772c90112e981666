package io.moha.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top of the command line. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "moha",
        description = "Highly available MySQL behind one port.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Commands about a cluster find it by --config FILE, by --etcd and --cluster, or, in a",
            "directory with a running demo, by themselves."
        })
public final class MohaCommand implements Runnable {

    /** In the order of the help. */
    private static final List<Class<?>> SUBCOMMANDS =
            List.of(
                    DemoCommand.class,
                    TestCommand.class,
                    AgentCommand.class,
                    ProxyCommand.class,
                    StatusCommand.class,
                    SwitchoverCommand.class,
                    FailoverCommand.class,
                    PauseCommand.class,
                    ResumeCommand.class,
                    NodeCommand.class,
                    RejoinCommand.class,
                    HistoryCommand.class,
                    WhyCommand.class,
                    BootstrapCommand.class,
                    WarmCommand.class,
                    HelpCommand.class);

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int WIDTH = 100;

    @Spec private @Nullable CommandSpec spec;

    /** Runs {@code words} with the process's own standard streams and returns the exit code. */
    public static int run(String... words) {
        return run(Terminal.writer(System.out), Terminal.writer(System.err), words);
    }

    /** Runs {@code words}; what it prints goes to {@code out} and {@code err}. */
    public static int run(PrintWriter out, PrintWriter err, String... words) {
        CommandLine line = new CommandLine(new MohaCommand());
        subcommands(words).forEach(line::addSubcommand);
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                    command.getErr().println("moha: " + Failure.describe(failure));
                    return FAILED;
                });
        line.setParameterExceptionHandler(
                (wrong, given) -> {
                    CommandLine command = wrong.getCommandLine();
                    command.getErr()
                            .println(
                                    "moha: "
                                            + wrong.getMessage()
                                            + " (see "
                                            + command.getCommandSpec().qualifiedName()
                                            + " --help)");
                    return WRONG_USAGE;
                });
        line.setUsageHelpWidth(WIDTH);
        return line.execute(words);
    }

    /** The subcommand asked for; all of them, for the help, when it is none of them. */
    private static List<Class<?>> subcommands(String... words) {
        // Reading the annotations of all would be half the time of a short command.
        return SUBCOMMANDS.stream()
                .filter(type -> words.length > 0 && name(type).equals(words[0]))
                .filter(type -> type != HelpCommand.class)
                .<List<Class<?>>>map(List::of)
                .findFirst()
                .orElse(SUBCOMMANDS);
    }

    private static String name(Class<?> subcommand) {
        Command command = subcommand.getAnnotation(Command.class);
        return command == null ? "" : command.name();
    }

    @Override
    public void run() {
        CommandSpec own = Objects.requireNonNull(spec);
        throw new ParameterException(own.commandLine(), "moha needs a command");
    }
}
