package io.moha.bench.report;

import io.moha.protocol.base.WallClock;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a measurement tells its progress and its result. */
public final class PublishOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(names = "--results", description = "markdown file whose section is replaced")
    private @Nullable Path results;

    @Option(names = "--section", description = "name of that section")
    private @Nullable String section;

    @Option(names = "--title", description = "heading of that section")
    private @Nullable String title;

    /** Prints one line of progress. */
    public void out(String line) {
        CommandSpec command = spec;
        if (command != null) {
            command.commandLine().getOut().println(line);
            command.commandLine().getOut().flush();
        }
    }

    /**
     * Shows a result, and stores it when a results file is given.
     *
     * @param name of the section, unless the command line has another one
     * @param heading of the section, unless the command line has another one
     * @param versions of what was measured, one line
     * @param body markdown
     */
    public void publish(String name, String heading, String versions, String body) {
        String text =
                """
                ## %s

                - %s, on %s
                - Java %s; %s
                - command: `bench/run %s`
                %s\
                """
                        .formatted(
                                title == null ? heading : title,
                                DateTimeFormatter.ISO_LOCAL_DATE.format(
                                        WallClock.system().now().atOffset(ZoneOffset.UTC)),
                                Machine.describe(),
                                Machine.java(),
                                versions,
                                commandLine(),
                                body);
        out(text);
        if (results != null) {
            new ResultsFile(results).write(section == null ? name : section, text);
        }
    }

    private String commandLine() {
        CommandSpec command = spec;
        if (command == null) {
            return "";
        }
        List<String> arguments = command.root().commandLine().getParseResult().originalArgs();
        return String.join(" ", arguments);
    }
}
