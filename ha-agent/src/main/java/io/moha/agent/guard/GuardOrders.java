package io.moha.agent.guard;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way orders take to the guard, and how long it has left them unanswered. Thread-safe. Never
 * blocks: it stops writing long before an unread FIFO would be full.
 */
final class GuardOrders implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(GuardOrders.class);
    // A FIFO holds 64 KiB, and an order is never longer than this.
    private static final int MAX_ORDER_BYTES = 256;
    private static final int MAX_UNANSWERED = 128;

    private @Nullable RandomAccessFile fifo;
    // Begins where no earlier agent of this boot can have been: at a thousand orders a millisecond.
    private long sequence = BootClock.millis() * 1_000;
    private long answered = sequence;
    private long oldestUnansweredMillis;
    private long lastSentMillis;

    /** Sends to the guard that reads {@code path} from now on; what was unanswered is forgotten. */
    synchronized void connect(Path path) throws IOException {
        close();
        // For reading and writing: opening a FIFO only for writing would wait for a reader.
        fifo = new RandomAccessFile(path.toFile(), "rw");
        answered = sequence;
    }

    /** Sends one order; an order that cannot be sent shows as silence of the guard. */
    synchronized void send(String order) {
        long now = BootClock.millis();
        lastSentMillis = now;
        if (sequence == answered) {
            oldestUnansweredMillis = now;
        }
        sequence++;
        RandomAccessFile open = fifo;
        if (open == null || sequence - answered > MAX_UNANSWERED) {
            return;
        }
        String line = sequence + " " + order.replaceAll("[^ -~]", "?");
        byte[] bytes =
                line.substring(0, Math.min(line.length(), MAX_ORDER_BYTES - 1))
                        .concat("\n")
                        .getBytes(StandardCharsets.US_ASCII);
        try {
            open.write(bytes);
        } catch (IOException failure) {
            LOGGER.atWarn().addKeyValue("order", order).setCause(failure).log("order not sent");
        }
    }

    /** The guard has carried out everything up to {@code order}. */
    synchronized void onAnswered(long order) {
        if (order > answered && order <= sequence) {
            answered = order;
            oldestUnansweredMillis = BootClock.millis();
        }
    }

    /** For how long the guard owes an answer; 0 when it owes none. In milliseconds. */
    synchronized long silentMillis(long now) {
        return sequence == answered ? 0 : now - oldestUnansweredMillis;
    }

    /** How long ago the last order was sent, in milliseconds. */
    synchronized long idleMillis(long now) {
        return now - lastSentMillis;
    }

    @Override
    public synchronized void close() throws IOException {
        RandomAccessFile open = fifo;
        fifo = null;
        if (open != null) {
            open.close();
        }
    }
}
