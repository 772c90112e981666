package io.moha.proxy.backend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The logins of one account on one server until the first has succeeded. One of them runs, the
 * others wait. Thread-safe; logins are started and told on their own event loops.
 */
final class Account {

    private final Queue<QueuedLogin> waiting = new ArrayDeque<>();
    private @Nullable QueuedLogin running;
    private volatile boolean warm;

    /** Whether a login has succeeded, so that nobody needs to wait any more. */
    boolean isWarm() {
        return warm;
    }

    /** Starts {@code login} now or when its turn comes. */
    void enter(QueuedLogin login) {
        synchronized (this) {
            if (!warm && running != null) {
                waiting.add(login);
                return;
            }
            running = login;
        }
        login.start();
    }

    /** The running login succeeded: all that wait may go. */
    void onSuccess() {
        List<QueuedLogin> released;
        synchronized (this) {
            warm = true;
            running = null;
            released = new ArrayList<>(waiting);
            waiting.clear();
        }
        released.forEach(QueuedLogin::start);
    }

    /**
     * {@code rejected} got no for its password.
     *
     * @return those that wait with the same password, which must not be tried again for them
     */
    List<QueuedLogin> onRejected(QueuedLogin rejected) {
        List<QueuedLogin> same = new ArrayList<>();
        synchronized (this) {
            for (Iterator<QueuedLogin> each = waiting.iterator(); each.hasNext(); ) {
                QueuedLogin login = each.next();
                if (login.hasPasswordOf(rejected)) {
                    each.remove();
                    same.add(login);
                }
            }
        }
        onEnd(rejected);
        return same;
    }

    /** {@code login} ended without telling anything about the account: the next one may go. */
    void onEnd(QueuedLogin login) {
        QueuedLogin next;
        synchronized (this) {
            waiting.remove(login);
            if (running != login) {
                return;
            }
            next = waiting.poll();
            running = next;
        }
        if (next != null) {
            next.start();
        }
    }
}
