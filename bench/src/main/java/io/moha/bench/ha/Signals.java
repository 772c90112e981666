package io.moha.bench.ha;

import io.moha.bench.proc.BenchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Signals to processes that this one did not start. */
final class Signals {

    private Signals() {}

    /**
     * Sends {@code signal}, such as KILL, to all {@code pids} in their order; by one command, so
     * that none has time to notice what happened to another.
     *
     * @throws BenchException when one of them is gone
     */
    static void send(String signal, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new BenchException(String.join(" ", command) + " gave " + status);
            }
        } catch (IOException e) {
            throw new BenchException("cannot send signals", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
