package io.moha.bench.ha;

import io.moha.bench.proc.ProcessUsage;
import io.moha.bench.report.PublishOptions;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads the memory of every process of a running demo. */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = "Resident memory of the agents, guards, proxies and servers of a demo.")
public final class MemoryCommand implements Callable<Integer> {

    private static final double MEBIBYTE = 1024.0 * 1024.0;

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(
            names = "--demo",
            defaultValue = ".moha-demo/demo.json",
            description = "what the running demo wrote; default ${DEFAULT-VALUE}")
    private Path demo = Path.of(".moha-demo/demo.json");

    /** Reads and reports. */
    @Override
    public Integer call() {
        StringBuilder table =
                new StringBuilder("\n| process | resident MiB | CPU s |\n|---|---:|---:|\n");
        DemoCluster cluster = new DemoCluster(demo);
        for (DemoFile.Node node : cluster.file().nodes()) {
            NodeProcesses processes = new NodeProcesses(cluster, node);
            table.append(row("agent " + node.id(), processes.agent()));
            processes.guards().forEach(guard -> table.append(row("guard", guard.pid())));
            table.append(row("mysqld " + node.id(), processes.server()));
        }
        for (DemoFile.Proxy proxy : cluster.file().proxies()) {
            table.append(row("proxy " + proxy.id(), cluster.pid(proxy.pidFile())));
        }
        publish.publish("memory", "Memory of a running demo", "demo of " + demo, table.toString());
        return 0;
    }

    private static String row(String name, long pid) {
        ProcessUsage usage = ProcessUsage.of(pid);
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %.2f |%n",
                name,
                usage.residentBytes() / MEBIBYTE,
                usage.cpu().toMillis() / 1e3);
    }
}
