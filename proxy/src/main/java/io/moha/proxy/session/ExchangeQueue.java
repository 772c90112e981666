package io.moha.proxy.session;

import org.jspecify.annotations.Nullable;

/**
 * The commands that were sent and whose responses are not complete, in order. Entries are reused,
 * so that a command allocates nothing.
 */
final class ExchangeQueue {

    private Exchange[] ring = {new Exchange(), new Exchange()};
    private int head;
    private int size;
    private int ofClient;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** How many of them are the client's and not the proxy's own. */
    int ofClient() {
        return ofClient;
    }

    /** The one whose response comes next. */
    @Nullable Exchange first() {
        return size == 0 ? null : ring[head];
    }

    /** The one that was added last; null when there is none. */
    @Nullable Exchange last() {
        return size == 0 ? null : ring[(head + size - 1) & (ring.length - 1)];
    }

    /** The first of the client's; null when there is none. */
    @Nullable Exchange firstOfClient() {
        for (int i = 0; i < size; i++) {
            Exchange exchange = ring[(head + i) & (ring.length - 1)];
            if (!exchange.isOwn()) {
                return exchange;
            }
        }
        return null;
    }

    /** Adds an empty one at the end, for the client or, with {@code own}, for the proxy. */
    Exchange add(@Nullable OwnReply own) {
        if (size == ring.length) {
            grow();
        }
        Exchange added = ring[(head + size) & (ring.length - 1)];
        added.own = own;
        size++;
        ofClient += own == null ? 1 : 0;
        return added;
    }

    private void grow() {
        Exchange[] larger = new Exchange[ring.length * 2];
        for (int i = 0; i < larger.length; i++) {
            larger[i] = i < size ? ring[(head + i) & (ring.length - 1)] : new Exchange();
        }
        ring = larger;
        head = 0;
    }

    /** Removes the first and releases what it holds. */
    void removeFirst() {
        Exchange removed = ring[head];
        ofClient -= removed.isOwn() ? 0 : 1;
        removed.clear();
        head = (head + 1) & (ring.length - 1);
        size--;
    }

    /** Removes all. */
    void clear() {
        while (size > 0) {
            removeFirst();
        }
    }
}
