package io.moha.bench;

import io.moha.bench.ha.FailoverCommand;
import io.moha.bench.ha.MemoryCommand;
import io.moha.bench.ha.OutageCommand;
import io.moha.bench.ha.RejoinCommand;
import io.moha.bench.ha.SteadyCommand;
import io.moha.bench.ha.SwitchoverCommand;
import io.moha.bench.load.CompareCommand;
import io.moha.bench.load.IdleCommand;
import io.moha.bench.load.StartupCommand;
import io.moha.bench.micro.MicroCommand;
import io.moha.bench.proc.BenchException;
import io.moha.bench.relay.RelayMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of all measurements. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures the proxy and the cluster.",
        subcommands = {
            CompareCommand.class,
            IdleCommand.class,
            StartupCommand.class,
            FailoverCommand.class,
            SwitchoverCommand.class,
            RejoinCommand.class,
            OutageCommand.class,
            SteadyCommand.class,
            MemoryCommand.class,
            MicroCommand.class,
            RelayMain.class
        })
public final class BenchMain {

    private BenchMain() {}

    /** Runs the measurement that {@code args} name; ends the JVM with its exit code. */
    public static void main(String[] args) {
        CommandLine commandLine = new CommandLine(new BenchMain());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler(
                (problem, command, parsed) -> {
                    if (!(problem instanceof BenchException)) {
                        throw problem;
                    }
                    command.getErr().println(problem.getMessage());
                    return 1;
                });
        System.exit(commandLine.execute(args));
    }
}
