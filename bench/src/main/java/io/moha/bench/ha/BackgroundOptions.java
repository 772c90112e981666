package io.moha.bench.ha;

import io.moha.bench.load.Sysbench;
import io.moha.bench.load.SysbenchLoad;
import io.moha.bench.proc.ProcessStack;
import io.moha.bench.report.PublishOptions;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the measurements that may let sysbench work beside the writers of their own. */
final class BackgroundOptions {

    @Mixin private SysbenchOptions sysbench = new SysbenchOptions();

    @Option(
            names = "--sysbench",
            description =
                    "sysbench's read-write transactions through the write port as well, all the time")
    private boolean wanted;

    /**
     * Runs {@code disturb}, and publishes what it found, in a section of its own when sysbench
     * works meanwhile.
     *
     * @param section of the results without sysbench
     * @param statements how sysbench sends its statements
     * @param disturb gives markdown
     */
    void publish(
            DemoCluster cluster,
            PublishOptions publish,
            String section,
            String title,
            String circumstances,
            Sysbench.Statements statements,
            Supplier<String> disturb) {
        if (!wanted) {
            publish.publish(section, title, circumstances, disturb.get());
            return;
        }
        try (ProcessStack processes = sysbench.processes();
                SysbenchLoad load = sysbench.start(processes, cluster, statements)) {
            String found = disturb.get();
            publish.publish(
                    section + "-sysbench",
                    title + " under sysbench",
                    circumstances + "; " + sysbench.describe(statements),
                    found + load.report().markdown());
        }
    }
}
