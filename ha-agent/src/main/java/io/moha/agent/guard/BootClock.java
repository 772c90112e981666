package io.moha.agent.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine's clock since boot, which goes on in suspend: {@code /proc/uptime}, with its
 * resolution of 10 ms. The guard reads the same file, so both mean the same point even in a time
 * namespace.
 */
final class BootClock {

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final int MILLIS_PER_TICK = 10;

    private BootClock() {}

    /** Milliseconds since boot. Callable from any thread. */
    static long millis() {
        try {
            String text = Files.readString(UPTIME, StandardCharsets.US_ASCII);
            String seconds = text.substring(0, text.indexOf(' '));
            return Long.parseLong(seconds.replace(".", "")) * MILLIS_PER_TICK;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the boot clock", failure);
        }
    }
}
