package io.moha.bench.micro;

import io.moha.bench.proc.BenchException;
import io.moha.bench.report.PublishOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Runs the JMH benchmarks. */
@Command(
        name = "micro",
        description = "The JMH benchmarks; takes JMH's own arguments, -h shows them.")
public final class MicroCommand implements Callable<Integer> {

    @Mixin private PublishOptions publish = new PublishOptions();

    @Unmatched private List<String> arguments = new ArrayList<>();

    /** Hands the arguments to JMH. */
    @Override
    public Integer call() {
        try {
            CommandLineOptions options = new CommandLineOptions(arguments.toArray(new String[0]));
            if (options.shouldHelp()) {
                options.showHelp();
                return 0;
            }
            Collection<RunResult> results = new Runner(options).run();
            publish.publish("micro", "Micro benchmarks", "JMH", table(results));
            return 0;
        } catch (CommandLineOptionException | RunnerException e) {
            throw new BenchException("JMH: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BenchException("JMH cannot print its help", e);
        }
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder text =
                new StringBuilder("\n| benchmark | parameters | score | ± 99.9% | unit |\n");
        text.append("|---|---|---:|---:|---|\n");
        for (RunResult run : results) {
            BenchmarkParams parameters = run.getParams();
            Result<?> score = run.getPrimaryResult();
            text.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %s | %.1f | %.1f | %s |%n",
                            parameters.getBenchmark().replaceFirst("^.*\\.(\\w+\\.\\w+)$", "$1"),
                            parameters.getParamsKeys().stream()
                                    .map(key -> key + " " + parameters.getParam(key))
                                    .toList(),
                            score.getScore(),
                            score.getScoreError(),
                            score.getScoreUnit()));
        }
        return text.toString();
    }
}
