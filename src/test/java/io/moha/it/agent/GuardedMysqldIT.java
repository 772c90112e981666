package io.moha.it.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.moha.agent.guard.GuardClient;
import io.moha.agent.guard.GuardStatus.State;
import io.moha.agent.mysql.JdbcMysqlServer;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlException.Kind;
import io.moha.agent.mysql.ServerFacts;
import io.moha.it.fixture.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One real server: its life under the guard, and what each sort of trouble looks like. */
class GuardedMysqldIT extends TwoServers {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void startsReadOnlyAndWithEverythingAMemberNeeds() throws Exception {
        GuardedServer one = server();

        ServerFacts facts = one.server().look();

        assertThat(facts.readOnly()).isTrue();
        assertThat(facts.executed()).isEmpty();
        assertThat(facts.replica()).isNull();
        assertThat(one.server().problems()).isEmpty();
        assertThat(one.guard().status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void diesAtItsDeadlineAndIsNoticedWhenItDiesByItself() throws Exception {
        GuardedServer one = server();
        GuardClient guard = one.guard();
        one.server().setWritable();
        long deadline = guard.bootMillis() + 500;
        guard.extend(1, deadline);
        assertThat(guard.await(s -> s.state() == State.DEAD, GuardedServer.BOUND)).isTrue();
        assertThat(guard.bootMillis()).isGreaterThanOrEqualTo(deadline);
        assertThat(guard.status().exit()).contains("lease of epoch 1");

        one.startMysqld();
        assertThat(one.server().look().readOnly()).isTrue();
        ProcessHandle.of(guard.status().pid()).orElseThrow().destroyForcibly();
        assertThat(guard.await(s -> s.state() == State.DEAD, GuardedServer.BOUND)).isTrue();
        assertThat(guard.status().exit()).isEqualTo("signal 9");
    }

    @Test
    void diesWithItsGuard() throws Exception {
        GuardedServer one = server();
        long mysqld = one.guard().status().pid();
        long guard = ProcessHandle.of(mysqld).flatMap(ProcessHandle::parent).orElseThrow().pid();

        ProcessHandle.of(guard).orElseThrow().destroyForcibly();

        assertThat(one.guard().await(s -> s.state() == State.DEAD, GuardedServer.BOUND)).isTrue();
        one.startMysqld();
        assertThat(one.guard().status().pid()).isNotEqualTo(mysqld);
    }

    @Test
    void probeSpendsNoGtidAndHeartbeatDoes() throws Exception {
        GuardedServer one = server();
        one.server().probe(SECOND);
        one.server().setWritable();

        one.server().probe(SECOND);
        one.server().probe(SECOND);
        assertThat(one.server().executed()).isEmpty();

        assertThat(one.server().commitHeartbeat(1, SECOND)).isTrue();
        assertThat(one.server().executed()).isNotEmpty();
    }

    @Test
    void givesUpReadOnlyInTimeWhileAStatementWrites() throws Exception {
        GuardedServer one = server();
        one.server().setWritable();
        one.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        try (Connection slow = one.client()) {
            Thread writing = inBackground(slow, "INSERT INTO t SELECT 1 + SLEEP(60)");
            Await.until(
                    "the statement writes",
                    GuardedServer.BOUND,
                    () -> !one.server().readOnlyBlockers().isEmpty());

            MysqlException failure =
                    catchThrowableOfType(
                            MysqlException.class,
                            () -> one.server().setReadOnly(Duration.ofMillis(300)));

            // Given up, not waited for.
            assertThat(writing.isAlive()).isTrue();
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(failure).hasMessageContaining("undone").hasMessageContaining("app@");
            assertThat(one.server().look().readOnly()).isFalse();
            // Nothing is left behind that would keep others from writing.
            one.execute("INSERT INTO app.t VALUES (100)");
            one.server().killClients();
            writing.join();
            one.server().setReadOnly(SECOND);
            assertThat(one.server().look().readOnly()).isTrue();
        }
    }

    @Test
    void becomesReadOnlyDespiteAnIdleTransaction() throws Exception {
        GuardedServer one = server();
        one.server().setWritable();
        one.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        try (Connection idle = one.client()) {
            idle.setAutoCommit(false);
            run(idle, "INSERT INTO t VALUES (1)");

            one.server().setReadOnly(SECOND);

            assertThat(catchThrowableOfType(SQLException.class, () -> idle.commit()).getErrorCode())
                    .isEqualTo(1290);
        }
    }

    @Test
    void killsClientsAndSparesTheAgents() throws Exception {
        GuardedServer one = server();
        try (Connection client = one.client();
                var other = one.anotherServer()) {
            other.look();
            assertThat(one.server().clients()).hasSize(1);

            one.server().killClients();

            Await.until(
                    "no client is left",
                    GuardedServer.BOUND,
                    () -> one.server().clients().isEmpty());
            assertThat(client.isValid(1)).isFalse();
            assertThat(other.executed()).isEmpty();
        }
    }

    @Test
    void saysWhoseFaultAFailureIs() throws Exception {
        GuardedServer one = server();
        assertThat(kind(GuardedServer.access(1, "wrong", one.port()))).isEqualTo(Kind.CONFIG);
        assertThat(kind(GuardedServer.access(1, "wrong", 1))).isEqualTo(Kind.UNREACHABLE);

        long pid = one.guard().status().pid();
        signal("STOP", pid);
        try (var hung = one.anotherServer()) {
            assertThat(catchThrowableOfType(MysqlException.class, hung::look).kind())
                    .isEqualTo(Kind.TIMEOUT);
            assertThat(catchThrowableOfType(MysqlException.class, one.server()::look).kind())
                    .isEqualTo(Kind.TIMEOUT);
        } finally {
            signal("CONT", pid);
        }
        assertThat(one.server().look().readOnly()).isTrue();

        one.kill();
        assertThat(catchThrowableOfType(MysqlException.class, one.server()::look).kind())
                .isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void getsInWhenClientsTookAllConnections() throws Exception {
        GuardedServer one = server();
        one.server().close();
        List<Connection> crowd = new ArrayList<>();
        try {
            SQLException full = null;
            while (full == null && crowd.size() < 100) {
                try {
                    crowd.add(one.client());
                } catch (SQLException refused) {
                    full = refused;
                }
            }
            assertThat(full != null && full.getErrorCode() == 1040).isTrue();

            assertThat(one.server().look().readOnly()).isTrue();
        } finally {
            for (Connection connection : crowd) {
                connection.close();
            }
        }
    }

    private static Kind kind(io.moha.agent.mysql.ServerAccess access) {
        try (JdbcMysqlServer server = new JdbcMysqlServer(access)) {
            return catchThrowableOfType(MysqlException.class, server::look).kind();
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
                .isZero();
    }

    static Thread inBackground(Connection connection, String sql) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                run(connection, sql);
                            } catch (SQLException killed) {
                                assertThat(killed.getErrorCode()).isNotNegative();
                            }
                        });
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
