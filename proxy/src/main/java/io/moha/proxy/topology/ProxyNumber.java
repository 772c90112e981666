package io.moha.proxy.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.cluster.ClusterKeys;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small number that no other proxy of the cluster has at the same time, so that the connection
 * ids of two proxies never meet: a key in etcd under the proxy's lease. Confined to the topology
 * thread.
 */
final class ProxyNumber {

    /** How many numbers there are. */
    static final int COUNT = 256;

    private static final Logger LOGGER = LoggerFactory.getLogger(ProxyNumber.class);

    private final Supplier<EtcdLink> link;
    private final ClusterKeys keys;
    private final String proxy;
    private IntConsumer onNumber = _ -> {};
    private int candidate;
    private int refusals;
    private long heldUnder;

    ProxyNumber(Supplier<EtcdLink> link, ClusterKeys keys, String proxy) {
        this.link = link;
        this.keys = keys;
        this.proxy = proxy;
        candidate = first(proxy);
    }

    /** The number that {@code proxy} tries first, and has as long as it could ask nobody. */
    static int first(String proxy) {
        return Math.floorMod(proxy.hashCode(), COUNT);
    }

    /** Hears of each number that was had, on the topology thread. */
    void tell(IntConsumer listener) {
        onNumber = listener;
    }

    /** Whether a number has to be asked for under {@code lease}. */
    boolean isMissing(long lease) {
        return heldUnder != lease && refusals < COUNT;
    }

    /** Asks for the number that is next in turn. */
    CompletableFuture<Boolean> ask(long lease) {
        return link.get().claim(keys.proxyNumber(candidate), proxy.getBytes(UTF_8), lease);
    }

    /** The answer to {@link #ask}. */
    void onAnswer(boolean granted, long lease) {
        if (granted) {
            heldUnder = lease;
            refusals = 0;
            LOGGER.atInfo()
                    .addKeyValue("proxy", proxy)
                    .addKeyValue("number", candidate)
                    .log("has a number of its own");
            onNumber.accept(candidate);
            return;
        }
        refusals++;
        candidate = (candidate + 1) % COUNT;
        if (refusals == COUNT) {
            LOGGER.atWarn()
                    .addKeyValue("proxy", proxy)
                    .log("all numbers are taken, connection ids may meet those of another proxy");
        }
    }
}
