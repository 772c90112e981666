package io.moha.agent.store;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.Watch;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to etcd, replaced by a new one that begins with another member when nothing was
 * answered for a while. gRPC waits up to two minutes between its own attempts to connect, and a
 * member that hangs keeps its connection: neither may cost a primary its lease. Thread-safe.
 */
final class EtcdLink implements AutoCloseable {

    /** How long the only member may answer nothing before the connection to it is replaced. */
    private static final Duration PATIENCE = Duration.ofMillis(2500);

    /** By how much longer a connection is waited for, at most, than the first ones. */
    private static final int MOST_PATIENCE = 4;

    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdLink.class);

    private final EtcdAccess access;
    private final Ticker ticker;
    private final Duration timeout;
    private final Object lock = new Object();
    private volatile Connection connection;
    private @Nullable Moment failingSince;

    /** Connections replaced since the last answer. */
    private int fruitless;

    private boolean closed;

    /** A client, and how many there were before it. */
    private record Connection(int generation, Client client) {}

    /** A link whose calls take at most {@code timeout}. */
    EtcdLink(EtcdAccess access, Ticker ticker, Duration timeout) throws IOException {
        this.access = access;
        this.ticker = ticker;
        this.timeout = timeout;
        this.connection = new Connection(0, access.connect(0));
    }

    /**
     * Makes one call and waits for its answer.
     *
     * @throws NoAnswerException when there was none; what was asked may have happened
     */
    <T> T call(Function<Client, CompletableFuture<T>> request) throws NoAnswerException {
        Connection used = connection;
        Moment began = ticker.now();
        CompletableFuture<T> future = null;
        try {
            future = request.apply(used.client());
            T answer = future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            answered();
            return answer;
        } catch (TimeoutException e) {
            future.cancel(true);
            failed(used, began);
            throw new NoAnswerException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            failed(used, began);
            throw new NoAnswerException(String.valueOf(rootOf(e).getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswerException("interrupted", e);
        } catch (RuntimeException e) {
            failed(used, began);
            throw new NoAnswerException(String.valueOf(rootOf(e).getMessage()), e);
        }
    }

    /** The key-value calls of {@code client}; a name for readers of {@link #call}. */
    static KV kv(Client client) {
        return client.getKVClient();
    }

    /** The lease calls of {@code client}. */
    static Lease leases(Client client) {
        return client.getLeaseClient();
    }

    /** The watch calls of the present connection. */
    Watch watches() {
        return connection.client().getWatchClient();
    }

    /** Which connection this is: a larger number after each replacement. */
    int generation() {
        return connection.generation();
    }

    private void answered() {
        synchronized (lock) {
            failingSince = null;
            fruitless = 0;
        }
    }

    private void failed(Connection used, Moment began) {
        synchronized (lock) {
            if (closed || used.generation() != connection.generation()) {
                return;
            }
            if (failingSince == null || began.isBefore(failingSince)) {
                failingSince = began;
            }
            // With another member to turn to, one call without an answer is enough: a primary has
            // time for two before its lease ends.
            int members = access.endpoints().size();
            Duration patience = (members == 1 ? PATIENCE : timeout).multipliedBy(more(members));
            if (ticker.now().since(failingSince).compareTo(patience) < 0) {
                return;
            }
            failingSince = null;
            fruitless++;
            replace();
        }
    }

    /**
     * Once every member had its chance, connections get more and more time: one that is replaced
     * before it is made, with TLS and a password to check on a busy machine, is never made.
     */
    private int more(int members) {
        return fruitless < 2 * members ? 1 : fruitless < 3 * members ? 2 : MOST_PATIENCE;
    }

    private void replace() {
        Connection old = connection;
        int next = old.generation() + 1;
        try {
            connection = new Connection(next, access.connect(next));
            LOGGER.atInfo().addKeyValue("etcd", access).log("etcd connection replaced");
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("etcd connection could not be replaced");
            return;
        }
        // Closing joins the old client's threads, which must not hold up whoever noticed.
        Thread.ofVirtual().name("etcd-close").start(old.client()::close);
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        connection.client().close();
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** etcd did not answer, or answered that it cannot serve. */
    static final class NoAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
