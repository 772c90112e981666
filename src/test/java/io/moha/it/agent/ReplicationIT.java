package io.moha.it.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlException.Kind;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.mysql.ServerFacts.ReplicaFacts;
import io.moha.it.fixture.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Two real servers: acknowledgements, and what must never happen to a relay log. */
class ReplicationIT extends TwoServers {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void commitsWaitForTheAcknowledgementOfTheReplica() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        replicate(source, replica);
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        assertThat(source.server().look().semiSync().clients()).isEqualTo(1);
        assertThat(source.server().connectedReplicas())
                .singleElement()
                .satisfies(
                        seen -> {
                            assertThat(seen.semiSync()).isTrue();
                            assertThat(seen.serverUuid())
                                    .isEqualTo(replica.server().look().serverUuid());
                        });

        replica.server().stopReceiver();
        assertThat(source.server().commitHeartbeat(1, Duration.ofMillis(500))).isFalse();
        assertThat(source.server().look().semiSync().waitSessions()).isEqualTo(1);
        for (int more = 0; more < 10; more++) {
            assertThat(source.server().commitHeartbeat(1, Duration.ofMillis(20))).isFalse();
        }
        // Only the first of a queue of commits waits by this count; the others wait for it.
        assertThat(source.server().look().semiSync().waitSessions()).isEqualTo(1);

        replica.server().startReplica();
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        assertThat(replica.server().awaitExecuted(source.server().executed(), LONG)).isTrue();
        assertThat(replica.server().look().retrieved()).isNotEmpty();
        assertThat(replicaFacts(replica).lagMs()).isZero();
    }

    @Test
    void aReplicaThatIsNoAckerDoesNotAcknowledge() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        replica.server().follow("127.0.0.1", source.port(), false);
        source.server().setWritable();
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        source.server().setSemiSyncSource(1);
        Await.until(
                "the replica is connected",
                LONG,
                () -> source.server().connectedReplicas().size() == 1);

        assertThat(source.server().connectedReplicas().getFirst().semiSync()).isFalse();
        assertThat(source.server().commitHeartbeat(1, SECOND)).isFalse();

        source.server().admit(replica.id());
        replica.server().follow("127.0.0.1", source.port(), true);
        // What it had received before, it does not acknowledge; a later commit releases that.
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        assertThat(source.server().connectedReplicas().getFirst().semiSync()).isTrue();
        assertThat(source.server().look().semiSync().waitSessions()).isZero();
    }

    @Test
    void whoIsExpelledConnectsAgainByItselfAndDoesNotAcknowledge() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        replicate(source, replica);
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        // Its receiver connects again by itself, still as one who acknowledges.
        source.execute("KILL " + dump(source));
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        String before = source.server().executed();

        source.server().expel(replica.id());

        assertThat(source.server().connectedReplicas()).isEmpty();
        assertThat(source.server().executed()).isEqualTo(before);
        Await.until(
                "it was turned away",
                LONG,
                () -> replicaFacts(replica).lastError().contains("locked"));
        assertThat(replicaFacts(replica).ioConnecting()).isTrue();
        assertThat(source.server().commitHeartbeat(1, SECOND)).isFalse();
        assertThat(source.server().connectedReplicas()).isEmpty();
        replica.server().follow("127.0.0.1", source.port(), false);
        Await.until("it receives", LONG, () -> replicaFacts(replica).ioRunning());
        assertThat(source.server().connectedReplicas().getFirst().semiSync()).isFalse();
        assertThat(source.server().look().semiSync().waitSessions()).isEqualTo(1);

        replica.server().follow("127.0.0.1", source.port(), true);
        source.server().admit(replica.id());
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        assertThat(source.server().look().semiSync().waitSessions()).isZero();
    }

    @Test
    void aReadOnlyServerAdmitsAndExpelsWithoutATrace() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        String before = source.server().executed();

        source.server().admit(replica.id());
        replica.server().follow("127.0.0.1", source.port(), true);
        Await.until("it receives", LONG, () -> replicaFacts(replica).ioRunning());
        source.server().expel(replica.id());
        source.server().admit(replica.id());
        Await.until("it receives again", LONG, () -> replicaFacts(replica).ioRunning());

        assertThat(source.server().look().readOnly()).isTrue();
        assertThat(source.server().executed()).isEqualTo(before);
    }

    private static long dump(GuardedServer source) throws SQLException {
        try (Connection operator = source.operator();
                Statement statement = operator.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "SELECT PROCESSLIST_ID FROM performance_schema.threads"
                                        + " WHERE PROCESSLIST_COMMAND LIKE 'Binlog Dump%'")) {
            assertThat(found.next()).isTrue();
            return found.getLong(1);
        }
    }

    @Test
    void readOnlyIsGivenUpWhileACommitWaitsForItsAcknowledgement() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        replicate(source, replica);
        source.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        replica.server().stopReceiver();
        try (Connection client = source.client()) {
            Thread writing = GuardedMysqldIT.inBackground(client, "INSERT INTO t VALUES (1)");
            Await.until(
                    "the commit waits",
                    LONG,
                    () -> source.server().look().semiSync().waitSessions() == 1);

            MysqlException failure =
                    catchThrowableOfType(
                            MysqlException.class,
                            () -> source.server().setReadOnly(Duration.ofMillis(300)));

            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(source.server().look().readOnly()).isFalse();
            replica.server().startReplica();
            writing.join();
            source.server().setReadOnly(SECOND);
            assertThat(count(source)).isEqualTo(1);
        }
    }

    @Test
    void whatWasAcknowledgedOutlivesTheSourceInTheRelayLog() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        replicate(source, replica);
        source.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        assertThat(replica.server().awaitExecuted(source.server().executed(), LONG)).isTrue();
        replica.execute("STOP REPLICA SQL_THREAD");
        for (int id = 1; id <= 50; id++) {
            source.execute("INSERT INTO app.t VALUES (" + id + ")");
        }
        String acknowledged = source.server().executed();

        source.kill();
        replica.server().stopReceiver();

        assertThat(
                        GtidSet.parse(replica.server().look().retrieved())
                                .contains(lastOf(acknowledged)))
                .isTrue();
        // The only copy of them must not be thrown away, however it is asked for.
        replica.execute("STOP REPLICA SQL_THREAD");
        assertThat(refusal(() -> replica.server().follow("127.0.0.1", source.port() + 1, true)))
                .isEqualTo(Kind.REFUSED);
        assertThat(replica.server().awaitExecuted(acknowledged, LONG)).isTrue();
        assertThat(count(replica)).isEqualTo(50);
        replica.server().stopFollowing();
        assertThat(replica.server().look().replica()).isNull();
        replica.server().setSemiSyncSource(0);
        replica.server().setWritable();
        replica.execute("INSERT INTO app.t VALUES (51)");
        assertThat(count(replica)).isEqualTo(51);
    }

    @Test
    void theRelayLogOutlivesACrashOfTheReplica() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        replicate(source, replica);
        source.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        assertThat(replica.server().awaitExecuted(source.server().executed(), LONG)).isTrue();
        replica.execute("STOP REPLICA SQL_THREAD");
        for (int id = 1; id <= 20; id++) {
            source.execute("INSERT INTO app.t VALUES (" + id + ")");
        }
        String acknowledged = source.server().executed();
        source.kill();

        replica.kill();
        replica.startMysqld();

        ServerFacts facts = replica.server().look();
        assertThat(replicaFacts(replica).ioRunning()).isFalse();
        assertThat(GtidSet.parse(facts.retrieved()).contains(lastOf(acknowledged))).isTrue();
        assertThat(refusal(() -> replica.server().stopFollowing())).isEqualTo(Kind.REFUSED);
        replica.server().startApplier();
        assertThat(replica.server().awaitExecuted(acknowledged, LONG)).isTrue();
        assertThat(count(replica)).isEqualTo(20);
    }

    @Test
    void followingTheSameSourceAgainChangesNothing() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        replicate(source, replica);
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        String before = replica.server().look().retrieved();

        replica.server().follow("127.0.0.1", source.port(), true);

        ServerFacts after = replica.server().look();
        assertThat(after.retrieved()).isEqualTo(before);
        Await.until("it receives", LONG, () -> replicaFacts(replica).ioRunning());
    }

    @Test
    void killingClientsLeavesReplicationAlone() throws Exception {
        GuardedServer source = server();
        GuardedServer replica = server();
        replicate(source, replica);
        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();

        source.server().killClients();
        replica.server().killClients();

        assertThat(source.server().commitHeartbeat(1, LONG)).isTrue();
        assertThat(replicaFacts(replica).ioRunning()).isTrue();
        assertThat(source.server().clients()).isEmpty();
        assertThat(replica.server().clients()).isEmpty();
    }

    /** The part of {@code executed} that a stopped applier cannot have applied: the last ones. */
    private static GtidSet lastOf(String executed) {
        GtidSet all = GtidSet.parse(executed);
        long last = all.count();
        return GtidSet.parse(all.origins().getFirst() + ":" + last);
    }

    private static ReplicaFacts replicaFacts(GuardedServer server) throws MysqlException {
        return Objects.requireNonNull(server.server().look().replica());
    }

    /** Something that the server may refuse. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws MysqlException;
    }

    private static Kind refusal(Attempt attempt) {
        return catchThrowableOfType(MysqlException.class, attempt::run).kind();
    }

    private static long count(GuardedServer server) throws SQLException {
        try (Connection connection = server.operator();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM app.t")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
