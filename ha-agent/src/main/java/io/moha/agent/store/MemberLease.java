package io.moha.agent.store;

import static io.moha.agent.store.SnapshotText.bytes;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.options.PutOption;
import io.moha.agent.store.EtcdLink.NoAnswerException;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.RecordText;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This agent's member key and the etcd lease under it, renewed by its own thread every third of its
 * life. It only tells others that the agent is there; who leads never depends on it. Thread-safe:
 * writes and renewals exclude each other.
 */
final class MemberLease implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(MemberLease.class);

    private final EtcdLink link;
    private final ClusterKeys keys;
    private final Duration ttl;
    private final ScheduledExecutorService renewer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("member-lease").factory());
    private long lease;
    private @Nullable MemberRecord written;

    /** A lease of {@code ttl} (whole seconds), taken at the first write. */
    MemberLease(EtcdLink link, ClusterKeys keys, Duration ttl) {
        this.link = link;
        this.keys = keys;
        this.ttl = ttl;
        long period = ttl.toMillis() / 3;
        renewer.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
    }

    /** Writes the member's record, under a new lease when there is none. */
    synchronized long put(MemberRecord member) throws NoAnswerException {
        written = member;
        if (lease == 0) {
            lease = link.call(client -> EtcdLink.leases(client).grant(ttl.toSeconds())).getID();
        }
        ByteSequence value = ByteSequence.from(RecordText.encode(member));
        PutOption option = PutOption.builder().withLeaseId(lease).build();
        try {
            return link.call(
                            client ->
                                    EtcdLink.kv(client)
                                            .put(bytes(keys.member(member.id())), value, option))
                    .getHeader()
                    .getRevision();
        } catch (NoAnswerException e) {
            // The lease may be what is missing: the next write takes a new one.
            lease = 0;
            throw e;
        }
    }

    private synchronized void renew() {
        MemberRecord member = written;
        if (member == null) {
            return;
        }
        try {
            if (lease == 0
                    || link.call(client -> EtcdLink.leases(client).keepAliveOnce(lease)).getTTL()
                            <= 0) {
                lease = 0;
                put(member);
            }
        } catch (NoAnswerException e) {
            lease = 0;
            LOGGER.atDebug().addKeyValue("cause", e.getMessage()).log("member lease not renewed");
        } catch (RuntimeException e) {
            // An exception would silently end the schedule.
            LOGGER.atWarn().setCause(e).log("member lease not renewed");
        }
    }

    /** Gives the lease back, which takes the key away. */
    synchronized void drop() {
        written = null;
        if (lease == 0) {
            return;
        }
        try {
            link.call(client -> EtcdLink.leases(client).revoke(lease));
        } catch (NoAnswerException e) {
            LOGGER.atDebug().addKeyValue("cause", e.getMessage()).log("member lease not revoked");
        }
        lease = 0;
    }

    @Override
    public void close() {
        renewer.shutdownNow();
    }
}
