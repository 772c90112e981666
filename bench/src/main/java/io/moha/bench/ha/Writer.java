package io.moha.bench.ha;

import io.moha.bench.proc.Await;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client that inserts row after row, each with a number of its own, and never sends a number
 * twice. After an error that ended its connection it connects again.
 */
final class Writer implements Runnable {

    private static final Ticker TICKER = Ticker.system();
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(20);
    private static final String INSERT =
            "INSERT INTO app.bench_writes (run, writer, n, filler) VALUES (?, ?, ?, ?)";
    private static final String FILLER = "x".repeat(100);

    private final WritePlan plan;
    private final WriterRecord record;
    private volatile boolean stopping;
    private @Nullable Connection connection;
    private int next;

    /** A writer that does not run yet. */
    Writer(WritePlan plan, int writer) {
        this.plan = plan;
        this.record = new WriterRecord(writer);
    }

    /** Asks it to end after the write it is at. Callable from any thread. */
    void stop() {
        stopping = true;
    }

    /** What it saw; complete once its thread ended. */
    WriterRecord record() {
        return record;
    }

    /** Writes until {@link #stop}. */
    @Override
    public void run() {
        Moment due = TICKER.now();
        while (!stopping) {
            Connection current = connection == null ? connect() : connection;
            if (current == null) {
                Await.pause(RECONNECT_PAUSE);
                continue;
            }
            connection = current;
            insert(current, next++);
            due = pace(due);
        }
        disconnect();
    }

    private void insert(Connection current, int number) {
        Moment sent = TICKER.now();
        try (PreparedStatement statement = current.prepareStatement(INSERT)) {
            statement.setLong(1, plan.run());
            statement.setInt(2, record.writer());
            statement.setInt(3, number);
            statement.setString(4, FILLER);
            statement.executeUpdate();
            if (plan.shape().commits()) {
                current.commit();
            }
            record.acknowledged(number, new WriterRecord.Write(sent, TICKER.now()));
        } catch (SQLException e) {
            record.failed(kind("write", e));
            recover(current, e);
        }
    }

    /** A class 08 error ends the connection; any other leaves it usable after a rollback. */
    private void recover(Connection current, SQLException error) {
        String state = error.getSQLState();
        if (state == null || state.startsWith("08")) {
            disconnect();
            return;
        }
        try {
            if (plan.shape().commits()) {
                current.rollback();
            }
        } catch (SQLException e) {
            record.failed(kind("rollback", e));
            disconnect();
        }
    }

    private @Nullable Connection connect() {
        try {
            Connection opened =
                    DriverManager.getConnection(plan.url(), plan.user(), plan.password());
            if (plan.shape().commits()) {
                opened.setAutoCommit(false);
            }
            return opened;
        } catch (SQLException e) {
            record.failed(kind("connect", e));
            return null;
        }
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                // It was already broken, which is counted where it was noticed.
                return;
            }
        }
    }

    private Moment pace(Moment due) {
        if (plan.interval().isZero()) {
            return due;
        }
        Moment nextDue = due.plus(plan.interval());
        Moment now = TICKER.now();
        if (now.isBefore(nextDue)) {
            Await.pause(nextDue.since(now));
            return nextDue;
        }
        // A client that was held does not catch up in a burst.
        return now;
    }

    private static String kind(String during, SQLException error) {
        return "%s: %d (%s)".formatted(during, error.getErrorCode(), error.getSQLState());
    }
}
