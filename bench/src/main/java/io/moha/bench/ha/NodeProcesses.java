package io.moha.bench.ha;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The processes of one node, found through its pid files. */
final class NodeProcesses {

    // The guard is a shell that runs this script; it is mysqld's parent and outlives the agent.
    private static final String GUARD_SCRIPT = "guard.sh";

    private final DemoCluster cluster;
    private final DemoFile.Node node;

    /** The processes of {@code node}. */
    NodeProcesses(DemoCluster cluster, DemoFile.Node node) {
        this.cluster = cluster;
        this.node = node;
    }

    /** Everything the host runs: guard, agent, mysqld, in this order. */
    List<Long> host() {
        Set<Long> all = new LinkedHashSet<>();
        guards().forEach(guard -> all.add(guard.pid()));
        all.addAll(List.of(agent(), server()));
        return List.copyOf(all);
    }

    /** The process id of the agent. */
    long agent() {
        return cluster.pid(node.agentPidFile());
    }

    /** The process id of mysqld. */
    long server() {
        return cluster.pid(node.mysqldPidFile());
    }

    /** The shell processes of the guard. */
    List<ProcessHandle> guards() {
        // The guard has a child that waits for its end.
        Stream<ProcessHandle> above =
                ProcessHandle.of(server())
                        .flatMap(ProcessHandle::parent)
                        .filter(NodeProcesses::isGuard)
                        .stream()
                        .flatMap(guard -> Stream.concat(Stream.of(guard), guard.descendants()));
        Stream<ProcessHandle> below =
                ProcessHandle.of(agent()).stream().flatMap(ProcessHandle::descendants);
        return Stream.concat(above, below).filter(NodeProcesses::isGuard).distinct().toList();
    }

    private static boolean isGuard(ProcessHandle process) {
        return Arrays.stream(process.info().arguments().orElse(new String[0]))
                .anyMatch(argument -> argument.endsWith(GUARD_SCRIPT));
    }
}
