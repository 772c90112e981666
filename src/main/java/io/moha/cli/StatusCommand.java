package io.moha.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moha status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Show nodes, roles, epoch, lag, durability, who may be promoted and why not, proxies.",
            "BEHIND counts the primary's transactions that a replica has not executed.",
            "Exit code 0 when there is a primary, 1 when there is none."
        })
final class StatusCommand implements Callable<Integer> {

    private static final long WATCH_EVERY_MILLIS = 1_000;

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--json", description = "Print JSON; with --watch one document a line.")
    private boolean json;

    @Option(names = "--watch", description = "Go on, and print again every second until Ctrl-C.")
    private boolean watch;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            if (!watch) {
                return show(client, out);
            }
            boolean terminal = Terminal.isWatched();
            BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
            try (AutoCloseable watching = client.watch(() -> changed.offer(true))) {
                Objects.requireNonNull(watching);
                while (!out.checkError()) {
                    if (terminal && !json) {
                        out.print("\033[H\033[2J");
                    }
                    show(client, out);
                    changed.poll(WATCH_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
            return 0;
        }
    }

    private int show(ClusterClient client, PrintWriter out) throws Failure, ClusterException {
        ClusterPicture picture = client.read();
        if (picture.isEmpty() && picture.members().isEmpty()) {
            throw new Failure(
                    "no such cluster in this store: "
                            + client.keys().root()
                            + "; agents make it, and moha bootstrap declares it");
        }
        StatusReport report = StatusReader.ask(picture).report(name(client.keys().root()));
        if (json) {
            out.println(watch ? Json.line(report) : Json.text(report));
        } else {
            StatusText.lines(report).forEach(out::println);
        }
        out.flush();
        return report.primary() == null ? 1 : 0;
    }

    /** The cluster's name: the last part of its root, /moha/NAME/. */
    private static String name(String root) {
        String path = root.substring(0, root.length() - 1);
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
