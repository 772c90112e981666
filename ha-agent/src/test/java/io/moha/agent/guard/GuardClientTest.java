package io.moha.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.agent.guard.GuardStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real guard process, with {@code sleep} in mysqld's place. */
@Timeout(30)
class GuardClientTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir Path directory;
    private final List<GuardClient> clients = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endEverything() throws IOException {
        processes.forEach(Process::destroyForcibly);
        for (GuardClient client : clients) {
            client.close();
        }
        GuardFiles files = new GuardFiles(directory);
        files.guard().ifPresent(GuardedProcess::destroy);
        GuardedProcess mysqld = files.report().mysqld();
        await(mysqld::isGone);
    }

    @Test
    void startsMysqldReadOnlyBehindItsOwnArguments() throws IOException {
        Path seen = directory.resolve("arguments");
        GuardClient guard =
                open("bash", "-c", "echo \"$@\" > " + seen + "; exec sleep 100", "mysqld", "--x=1");

        guard.startMysqld();

        assertThat(guard.await(s -> s.state() == State.RUNNING, SOON)).isTrue();
        await(() -> read(seen).endsWith("\n"));
        assertThat(read(seen)).startsWith("--x=1 --super-read-only=ON --read-only=ON");
        assertThat(guard.status().incarnation()).isEqualTo(1);
        assertThat(guard.status().deadlineMillis()).isZero();
    }

    @Test
    void killsMysqldAtItsDeadline() throws IOException {
        GuardClient guard = running();
        long deadline = guard.bootMillis() + 400;

        guard.extend(3, deadline);

        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        assertThat(guard.bootMillis()).isBetween(deadline, deadline + 500);
        assertThat(guard.status().fencedEpoch()).isEqualTo(3);
        assertThat(guard.status().exit()).contains("signal 9").contains("lease of epoch 3");
    }

    @Test
    void letsMysqldLiveWhileItsDeadlineMoves() throws IOException {
        GuardClient guard = running();

        for (int renewal = 0; renewal < 5; renewal++) {
            long deadline = guard.bootMillis() + 300;
            guard.extend(1, deadline);
            assertThat(guard.await(s -> s.deadlineMillis() == deadline, SOON)).isTrue();
            await(() -> guard.bootMillis() > deadline - 150);
        }
        guard.disarm(1);

        assertThat(guard.await(s -> s.deadlineMillis() == 0, SOON)).isTrue();
        assertThat(guard.status().state()).isEqualTo(State.RUNNING);
        assertThat(guard.status().incarnation()).isEqualTo(1);
    }

    @Test
    void killsMysqldAtItsDeadlineWithoutAnAgent() throws IOException {
        GuardClient guard = running();
        GuardedProcess mysqld = new GuardFiles(directory).report().mysqld();
        guard.extend(1, guard.bootMillis() + 300);
        assertThat(guard.await(s -> s.deadlineMillis() > 0, SOON)).isTrue();

        guard.close();

        await(mysqld::isGone);
    }

    @Test
    void ignoresOldAndFencedEpochs() throws IOException {
        GuardClient guard = running();
        guard.extend(5, guard.bootMillis() + 60_000);
        long deadline = guard.bootMillis() + 50_000;
        guard.extend(4, guard.bootMillis() + 90_000);
        guard.extend(6, deadline);
        assertThat(guard.await(s -> s.epoch() == 6, SOON)).isTrue();
        assertThat(guard.status().deadlineMillis()).isEqualTo(deadline);

        guard.kill(6, "test");
        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        restart(guard);
        guard.extend(6, guard.bootMillis() + 60_000);
        guard.disarm(5);
        guard.extend(7, deadline);

        assertThat(guard.await(s -> s.epoch() == 7, SOON)).isTrue();
        assertThat(guard.status().deadlineMillis()).isEqualTo(deadline);
        assertThat(guard.status().fencedEpoch()).isEqualTo(6);
        assertThat(read(directory.resolve("guard.log")))
                .contains("refused: extend 4")
                .contains("refused: extend 6");
    }

    @Test
    void noticesQuicklyThatMysqldEnded() throws IOException {
        GuardClient guard = running();
        long before = guard.bootMillis();

        ProcessHandle.of(guard.status().pid()).orElseThrow().destroyForcibly();

        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        assertThat(guard.bootMillis() - before).isLessThan(500);
        assertThat(guard.status().exit()).isEqualTo("signal 9");
        assertThat(guard.status().fencedEpoch()).isZero();
    }

    @Test
    void killsAMysqldThatOutlivedItsGuard() throws IOException {
        Process orphan = new ProcessBuilder("sleep", "100").start();
        processes.add(orphan);
        leaveBehind(orphan.pid());

        GuardClient guard = open("sleep", "100");

        await(() -> !orphan.isAlive());
        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        assertThat(read(directory.resolve("guard.log"))).contains("its guard was lost");
    }

    @Test
    void startsMysqldOnlyWhenTheOneBeforeIsReaped() throws IOException {
        // Its child becomes a zombie, because tail never asks for it.
        Process parent =
                new ProcessBuilder("bash", "-c", "sleep 100 & exec tail -f /dev/null").start();
        processes.add(parent);
        await(() -> parent.children().count() == 1);
        ProcessHandle child = parent.children().findFirst().orElseThrow();
        leaveBehind(child.pid());
        child.destroyForcibly();
        GuardClient guard = open("sleep", "100");

        guard.startMysqld();

        Path log = directory.resolve("guard.log");
        await(() -> read(log).contains("as soon as the one before is gone"));
        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        parent.destroyForcibly();
        assertThat(guard.await(s -> s.state() == State.RUNNING, SOON.multipliedBy(3))).isTrue();
    }

    /** What a guard that was lost would have left: {@code pid} runs as mysqld, of epoch 2. */
    private void leaveBehind(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String started = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        String line =
                "n=7 v=1 boot="
                        + GuardFiles.bootId()
                        + " guard=1 answered=0 state=RUNNING pid="
                        + pid
                        + " started="
                        + started
                        + " incarnation=1 deadline=0 epoch=2 fenced=0 now=1 exit=";
        Files.writeString(directory.resolve("status.1"), "%-480s n=%-20d end\n".formatted(line, 7));
    }

    @Test
    void mysqldDiesWithItsGuardAndTheNextGuardKnowsTheEpochs() throws IOException {
        GuardClient guard = running();
        guard.extend(8, guard.bootMillis() + 60_000);
        assertThat(guard.await(s -> s.epoch() == 8, SOON)).isTrue();
        GuardFiles files = new GuardFiles(directory);
        GuardedProcess mysqld = files.report().mysqld();

        files.guard().orElseThrow().destroy();

        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        assertThat(mysqld.isGone()).isTrue();
        restart(guard);
        assertThat(guard.status().epoch()).isEqualTo(8);
        assertThat(guard.status().incarnation()).isEqualTo(2);
    }

    @Test
    void theNextAgentFindsTheGuardAndItsMysqld() throws IOException {
        GuardClient first = running();
        long pid = first.status().pid();
        first.close();

        GuardClient second = open("sleep", "100");

        assertThat(second.await(s -> s.state() == State.RUNNING, SOON)).isTrue();
        assertThat(second.status().pid()).isEqualTo(pid);
        second.extend(1, second.bootMillis() + 60_000);
        assertThat(second.await(s -> s.epoch() == 1, SOON)).isTrue();
    }

    @Test
    void refusesASecondAgent() throws IOException {
        running();

        assertThatThrownBy(() -> open("sleep", "100"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another agent");
    }

    @Test
    void ignoresFilesOfAnEarlierBoot() throws IOException {
        Files.writeString(directory.resolve("pid"), ProcessHandle.current().pid() + " 1 old-boot");
        String old =
                "n=9 v=1 boot=old-boot guard=1 answered=9999999999999 state=RUNNING pid=1 started=1"
                        + " incarnation=4 deadline=5 epoch=7 fenced=6 now=1 exit=";
        Files.writeString(directory.resolve("status.1"), old + " n=9                    end\n");

        GuardClient guard = open("sleep", "100");

        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        assertThat(guard.status().epoch()).isEqualTo(7);
        assertThat(guard.status().fencedEpoch()).isEqualTo(6);
        restart(guard);
        assertThat(guard.status().incarnation()).isEqualTo(5);
    }

    @Test
    void agentEnforcesTheDeadlineOfAPausedGuard() throws IOException {
        GuardClient guard = running();
        long pid = new GuardFiles(directory).guard().orElseThrow().pid();
        guard.extend(2, guard.bootMillis() + 2_500);
        assertThat(guard.await(s -> s.epoch() == 2, SOON)).isTrue();

        signal("STOP", pid);

        assertThat(guard.await(s -> s.state() == State.UNREACHABLE, SOON)).isTrue();
        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        assertThat(guard.status().fencedEpoch()).isEqualTo(2);
        restart(guard);
        assertThat(guard.await(s -> s.fencedEpoch() == 2, SOON)).isTrue();
        assertThat(new GuardFiles(directory).guard().orElseThrow().pid()).isNotEqualTo(pid);
    }

    @Test
    void ordersThatPiledUpDoNotUndoADeadlineThatPassed() throws IOException {
        GuardClient guard = running();
        GuardFiles files = new GuardFiles(directory);
        long pid = files.guard().orElseThrow().pid();
        GuardedProcess mysqld = files.report().mysqld();
        long deadline = guard.bootMillis() + 400;
        guard.extend(2, deadline);
        assertThat(guard.await(s -> s.epoch() == 2, SOON)).isTrue();

        signal("STOP", pid);
        guard.extend(2, guard.bootMillis() + 60_000);
        await(() -> guard.bootMillis() > deadline);
        signal("CONT", pid);

        await(mysqld::isGone);
        assertThat(guard.await(s -> s.fencedEpoch() == 2, SOON)).isTrue();
    }

    @Test
    void shutdownEndsMysqldInAnOrderlyWayAndThenTheGuard() throws IOException {
        GuardClient guard = running();
        GuardedProcess mysqld = new GuardFiles(directory).report().mysqld();

        guard.shutdown(SOON);

        assertThat(mysqld.isGone()).isTrue();
        assertThat(new GuardFiles(directory).guard()).isEmpty();
        assertThat(new GuardFiles(directory).report().status().exit()).isEqualTo("signal 15");
    }

    @Test
    void shutdownKillsWhatDoesNotStop() throws IOException {
        GuardClient guard = open("bash", "-c", "trap '' TERM; touch ready; while :; do wait; done");
        guard.startMysqld();
        await(() -> Files.exists(directory.resolve("ready")));

        guard.shutdown(Duration.ofMillis(300));

        assertThat(new GuardFiles(directory).report().status().exit())
                .contains("did not stop in time");
    }

    @Test
    void watchesAMysqldThatSomebodyElseStarted() throws IOException {
        Process mysqld = foreignMysqld();
        Path pidFile = directory.resolve("mysqld.pid");
        Files.writeString(pidFile, mysqld.pid() + "\n");
        GuardClient guard = openClient(new GuardSettings(directory, List.of(), pidFile));
        assertThat(guard.await(s -> s.state() == State.RUNNING, SOON)).isTrue();

        guard.extend(1, guard.bootMillis() + 200);

        assertThat(guard.await(s -> s.state() == State.DEAD, SOON)).isTrue();
        await(() -> !mysqld.isAlive());
        Process next = foreignMysqld();
        Files.writeString(pidFile, next.pid() + "\n");
        assertThat(guard.await(s -> s.pid() == next.pid(), SOON)).isTrue();
        assertThat(guard.status().incarnation()).isEqualTo(2);
    }

    @Test
    void leavesAMysqldThatSomebodyElseStartedRunningAtShutdown() throws IOException {
        Process mysqld = foreignMysqld();
        Path pidFile = directory.resolve("mysqld.pid");
        Files.writeString(pidFile, mysqld.pid() + "\n");
        GuardClient guard = openClient(new GuardSettings(directory, List.of(), pidFile));
        assertThat(guard.await(s -> s.state() == State.RUNNING, SOON)).isTrue();

        guard.shutdown(SOON);

        assertThat(new GuardFiles(directory).guard()).isEmpty();
        assertThat(mysqld.isAlive()).isTrue();
    }

    private GuardClient running() throws IOException {
        GuardClient guard = open("sleep", "100");
        restart(guard);
        return guard;
    }

    private void restart(GuardClient guard) {
        guard.startMysqld();
        assertThat(guard.await(s -> s.state() == State.RUNNING, SOON)).isTrue();
    }

    private GuardClient open(String... command) throws IOException {
        // sleep would take the arguments for mysqld as its own.
        List<String> whole =
                command[0].equals("sleep")
                        ? List.of("bash", "-c", "exec sleep " + command[1])
                        : List.of(command);
        return openClient(new GuardSettings(directory, whole, null));
    }

    private GuardClient openClient(GuardSettings settings) throws IOException {
        GuardClient client = GuardClient.open(settings);
        clients.add(client);
        return client;
    }

    private Process foreignMysqld() throws IOException {
        Process process = new ProcessBuilder("bash", "-c", "exec -a mysqld sleep 100").start();
        processes.add(process);
        await(
                () ->
                        read(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                                .startsWith("mysqld"));
        return process;
    }

    private static void signal(String name, long pid) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        await(() -> !kill.isAlive());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            return "";
        }
    }

    private static void await(BooleanSupplier condition) {
        long until = BootClock.millis() + SOON.toMillis();
        while (!condition.getAsBoolean()) {
            assertThat(BootClock.millis()).as("time").isLessThan(until);
            Thread.onSpinWait();
        }
    }
}
