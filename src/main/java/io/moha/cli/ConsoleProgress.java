package io.moha.cli;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.provision.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows progress to people: a line a step with the time since the beginning, and on a terminal a
 * line that counts for a download. Thread-safe.
 */
final class ConsoleProgress implements Progress {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final double BYTES_PER_MB = 1_000_000.0;

    private final PrintWriter out;
    private final boolean terminal;
    private final Ticker ticker;
    private final Moment began;
    private Moment lastLine;
    private boolean counting;

    ConsoleProgress(PrintWriter out, boolean terminal, Ticker ticker) {
        this.out = out;
        this.terminal = terminal;
        this.ticker = ticker;
        this.began = ticker.now();
        this.lastLine = began;
    }

    @Override
    public synchronized void step(String what) {
        clearCounter();
        Moment now = ticker.now();
        double seconds = now.since(began).toMillis() / 1000.0;
        out.printf(Locale.ROOT, "[%5.1f s] %s%n", seconds, what);
        out.flush();
        lastLine = now;
    }

    @Override
    public synchronized void download(String what, long doneBytes, long totalBytes) {
        String text =
                totalBytes > 0
                        ? String.format(
                                Locale.ROOT,
                                "%.0f of %.0f MB",
                                doneBytes / BYTES_PER_MB,
                                totalBytes / BYTES_PER_MB)
                        : String.format(Locale.ROOT, "%.0f MB", doneBytes / BYTES_PER_MB);
        if (terminal) {
            out.print("\r          " + text + " ");
            out.flush();
            counting = true;
        } else if (ticker.now().since(lastLine).compareTo(BETWEEN_LINES) >= 0) {
            step("  " + text);
        }
    }

    /** Prints {@code line} as it is. */
    synchronized void line(String line) {
        clearCounter();
        out.println(line);
        out.flush();
    }

    private void clearCounter() {
        if (counting) {
            out.print("\r\033[K");
            counting = false;
        }
    }
}
