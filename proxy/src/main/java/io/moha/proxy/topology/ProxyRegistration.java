package io.moha.proxy.topology;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.cluster.RecordText;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code proxies/<id>} alive under a lease, and makes a new lease when the old one was lost.
 * Confined to the topology thread.
 */
final class ProxyRegistration {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProxyRegistration.class);
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration RENEW_EVERY = Duration.ofSeconds(3);
    private static final Duration REVOKE_WAIT = Duration.ofMillis(300);

    private final Supplier<EtcdLink> link;
    private final Executor thread;
    private final Ticker ticker;
    private final String key;
    private final Supplier<ProxyRecord> record;
    private final ProxyNumber number;

    private long lease;
    private Moment renewed;
    private boolean underWay;

    /**
     * @param link the present link to etcd
     * @param thread the topology thread
     * @param key of the record
     * @param record asked for at each registration
     * @param number kept under the same lease
     */
    ProxyRegistration(
            Supplier<EtcdLink> link,
            Executor thread,
            Ticker ticker,
            String key,
            Supplier<ProxyRecord> record,
            ProxyNumber number) {
        this.link = link;
        this.thread = thread;
        this.ticker = ticker;
        this.key = key;
        this.record = record;
        this.number = number;
        this.renewed = ticker.now();
    }

    /** The lease, for other keys that end with the proxy; 0 when there is none. */
    long lease() {
        return lease;
    }

    /**
     * Registers or renews when it is time.
     *
     * @param inStore whether the key was there when the store was last read
     */
    void tick(boolean inStore) {
        if (underWay) {
            return;
        }
        Duration age = ticker.now().since(renewed);
        if (lease != 0
                && (age.compareTo(TTL) > 0 || (!inStore && age.compareTo(RENEW_EVERY) > 0))) {
            lost("it ran out or its key is gone");
        }
        if (lease == 0) {
            register();
        } else if (age.compareTo(RENEW_EVERY) >= 0) {
            renew();
        } else if (number.isMissing(lease)) {
            askForNumber();
        }
    }

    /** Gives the lease back, waiting a moment for it; the key goes with it. */
    void end() {
        if (lease == 0) {
            return;
        }
        try {
            link.get().revoke(lease).get(REVOKE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.atDebug().setCause(e).log("could not give the lease back, it will run out");
        }
        lease = 0;
    }

    private void register() {
        Moment asked = ticker.now();
        whenDone(
                link.get().grant(TTL.toSeconds()),
                (granted, error) -> {
                    if (error == null) {
                        lease = granted;
                        renewed = asked;
                        writeKey();
                    }
                });
    }

    private void writeKey() {
        whenDone(
                link.get().put(key, RecordText.encode(record.get()), lease),
                (_, error) -> {
                    if (error == null) {
                        LOGGER.atInfo().addKeyValue("key", key).log("registered in etcd");
                        askForNumber();
                    } else {
                        // The next tick gets a new lease; this one runs out.
                        lease = 0;
                    }
                });
    }

    private void askForNumber() {
        long under = lease;
        whenDone(
                number.ask(under),
                (granted, error) -> {
                    if (error == null) {
                        number.onAnswer(granted, under);
                    }
                });
    }

    private void renew() {
        Moment asked = ticker.now();
        whenDone(
                link.get().keepAlive(lease),
                (alive, error) -> {
                    if (error == null && alive) {
                        renewed = asked;
                    } else if (error == null) {
                        lost("etcd does not know it any more");
                    }
                });
    }

    private void lost(String why) {
        LOGGER.atWarn()
                .addKeyValue("key", key)
                .addKeyValue("reason", why)
                .log("the lease was lost, registering anew");
        lease = 0;
    }

    private <T> void whenDone(CompletableFuture<T> call, BiConsumer<T, Throwable> then) {
        underWay = true;
        call.whenCompleteAsync(
                (result, error) -> {
                    underWay = false;
                    then.accept(result, error);
                },
                thread);
    }
}
