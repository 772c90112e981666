package io.moha.bench.ha;

import io.moha.bench.proc.BenchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The processes of one node, found through its pid files, and how they die. */
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

    /** mysqld alone dies by SIGKILL; agent and guard live. */
    void killServer() {
        kill(List.of(cluster.pid(node.mysqldPidFile())));
    }

    /** Everything the host runs dies by SIGKILL at once: guard, agent, mysqld. */
    void killHost() {
        Set<Long> victims = new LinkedHashSet<>();
        guards().forEach(guard -> victims.add(guard.pid()));
        victims.add(agent());
        victims.add(cluster.pid(node.mysqldPidFile()));
        kill(List.copyOf(victims));
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
        Stream<ProcessHandle> above =
                ProcessHandle.of(server()).flatMap(ProcessHandle::parent).stream();
        Stream<ProcessHandle> below =
                ProcessHandle.of(agent()).stream().flatMap(ProcessHandle::descendants);
        return Stream.concat(above, below).filter(NodeProcesses::isGuard).distinct().toList();
    }

    private static boolean isGuard(ProcessHandle process) {
        return Arrays.stream(process.info().arguments().orElse(new String[0]))
                .anyMatch(argument -> argument.endsWith(GUARD_SCRIPT));
    }

    /** One command for all of them, so that none has time to notice the death of another. */
    private static void kill(List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-9"));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new BenchException(String.join(" ", command) + " gave " + status);
            }
        } catch (IOException e) {
            throw new BenchException("cannot kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
