package io.moha.agent.store;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.cluster.SwitchoverAck;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns ranges of etcd's keys into a {@link ClusterSnapshot}. */
final class SnapshotText {

    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotText.class);

    private SnapshotText() {}

    /** The reads that together cover everything, of the history only the last record. */
    static Op[] reads(ClusterKeys keys) {
        String history = keys.history();
        String afterHistory = history.substring(0, history.length() - 1) + '0';
        String afterAll = keys.root().substring(0, keys.root().length() - 1) + '0';
        // '0' is the character after '/', so that it ends a range of everything below a slash.
        GetOption newest =
                GetOption.builder()
                        .withRange(bytes(afterHistory))
                        .withSortField(GetOption.SortTarget.KEY)
                        .withSortOrder(GetOption.SortOrder.DESCEND)
                        .withLimit(1)
                        .build();
        return new Op[] {
            range(keys.root(), history),
            range(afterHistory, afterAll),
            Op.get(bytes(history), newest)
        };
    }

    private static Op range(String from, String to) {
        return Op.get(bytes(from), GetOption.builder().withRange(bytes(to)).build());
    }

    /** {@code text} as etcd wants it. */
    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /**
     * The snapshot that {@code answers} to {@link #reads} hold.
     *
     * @throws MalformedRecordException when a record cannot be understood
     */
    static ClusterSnapshot decode(ClusterKeys keys, long revision, List<GetResponse> answers)
            throws MalformedRecordException {
        Collected found = new Collected(keys);
        for (GetResponse answer : answers) {
            for (KeyValue pair : answer.getKvs()) {
                found.add(pair);
            }
        }
        return found.snapshot(revision);
    }

    /** Gathers the parts of one snapshot. */
    private static final class Collected {
        private final ClusterKeys keys;
        private final Map<String, MemberRecord> members = new HashMap<>();
        private final Set<String> proxies = new HashSet<>();
        private final Map<String, SwitchoverAck> acks = new HashMap<>();
        private @Nullable Versioned<LeaderRecord> leader;
        private @Nullable Versioned<SyncRecord> sync;
        private @Nullable Versioned<SwitchoverRecord> switchover;
        private final Map<String, Versioned<RejoinRecord>> rejoins = new HashMap<>();
        private SettingsRecord settings = new SettingsRecord(1, Map.of());
        private @Nullable PauseRecord pause;
        private @Nullable HistoryRecord lastChange;

        Collected(ClusterKeys keys) {
            this.keys = keys;
        }

        void add(KeyValue pair) throws MalformedRecordException {
            String key = pair.getKey().toString(StandardCharsets.UTF_8);
            byte[] value = pair.getValue().getBytes();
            long revision = pair.getModRevision();
            if (key.equals(keys.leader())) {
                leader =
                        new Versioned<>(
                                RecordText.decode(value, LeaderRecord.class),
                                revision,
                                pair.getValue().toString(StandardCharsets.UTF_8));
            } else if (key.equals(keys.sync())) {
                sync = new Versioned<>(RecordText.decode(value, SyncRecord.class), revision);
            } else if (key.startsWith(keys.history())) {
                lastChange = RecordText.decode(value, HistoryRecord.class);
            } else {
                addWithoutAuthority(key, value, revision);
            }
        }

        /** One record that nobody understands must not blind every agent to all others. */
        private void addWithoutAuthority(String key, byte[] value, long revision) {
            try {
                addByName(key, value, revision);
            } catch (MalformedRecordException e) {
                LOGGER.atWarn()
                        .addKeyValue("key", key)
                        .addKeyValue("cause", e.getMessage())
                        .log("record not understood, ignored");
                if (key.equals(keys.pause())) {
                    pause = new PauseRecord(1, "a record that cannot be understood", 0);
                }
            }
        }

        private void addByName(String key, byte[] value, long revision)
                throws MalformedRecordException {
            if (key.equals(keys.settings())) {
                settings = RecordText.decode(value, SettingsRecord.class);
            } else if (key.equals(keys.pause())) {
                pause = RecordText.decode(value, PauseRecord.class);
            } else if (key.equals(keys.switchover())) {
                switchover =
                        new Versioned<>(RecordText.decode(value, SwitchoverRecord.class), revision);
            } else {
                addByFolder(key, value, revision);
            }
        }

        private void addByFolder(String key, byte[] value, long revision)
                throws MalformedRecordException {
            if (key.startsWith(keys.members())) {
                String id = key.substring(keys.members().length());
                members.put(id, RecordText.decode(value, MemberRecord.class));
            } else if (key.startsWith(keys.switchoverAcks())) {
                String id = key.substring(keys.switchoverAcks().length());
                acks.put(id, RecordText.decode(value, SwitchoverAck.class));
            } else if (key.startsWith(keys.rejoins())) {
                rejoins.put(
                        key.substring(keys.rejoins().length()),
                        new Versioned<>(RecordText.decode(value, RejoinRecord.class), revision));
            } else if (key.startsWith(keys.proxies())) {
                proxies.add(key.substring(keys.proxies().length()));
            }
        }

        ClusterSnapshot snapshot(long revision) {
            return new ClusterSnapshot(
                    revision,
                    leader,
                    sync,
                    members,
                    proxies,
                    switchover,
                    acks,
                    settings,
                    pause,
                    lastChange,
                    rejoins);
        }
    }
}
