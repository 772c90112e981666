package io.moha.bench.load;

import io.moha.bench.proc.ManagedProcess;
import io.moha.bench.proc.ProcessUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One way to the server.
 *
 * @param spec which
 * @param port where it accepts clients, on the loopback address
 * @param process what stands in between; null for the direct way
 */
record Peer(PeerSpec spec, int port, @Nullable ManagedProcess process) {

    /** What tables call it. */
    String name() {
        return spec.name();
    }

    /** What it is. */
    PeerKind kind() {
        return spec.kind();
    }

    /** What the process in between has used so far; nothing for the direct way. */
    Duration cpu() {
        return process == null ? Duration.ZERO : process.usage().cpu();
    }

    /** Resident memory of the process in between, in bytes; 0 for the direct way. */
    long residentBytes() {
        return process == null ? 0 : ProcessUsage.of(process.pid()).residentBytes();
    }
}
