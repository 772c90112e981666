package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.WithCluster;
import io.moha.it.load.IdleSession;
import io.moha.it.load.OpenTransaction;
import io.moha.it.load.Prober;
import io.moha.it.load.WriteLoad;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The primary dies under load: another takes over, no acknowledged write is lost, never do two
 * acknowledge, idle sessions go on as if nothing had happened, and the dead node comes back as a
 * replica.
 */
@ExtendWith(WithCluster.class)
class FailoverIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(FailoverIT.class);
    private static final Duration TAKEOVER = Duration.ofSeconds(60);

    /** What dies. */
    enum Fault {
        MYSQLD {
            @Override
            void strike(Cluster cluster, String node) {
                Cluster.kill(cluster.mysqld(node));
            }
        },
        MYSQLD_AND_AGENT {
            @Override
            void strike(Cluster cluster, String node) {
                Cluster.kill(cluster.agent(node), cluster.mysqld(node));
            }
        },
        HOST {
            @Override
            void strike(Cluster cluster, String node) {
                long mysqld = cluster.mysqld(node);
                Cluster.kill(cluster.agent(node), Cluster.parent(mysqld), mysqld);
            }
        };

        abstract void strike(Cluster cluster, String node);
    }

    @ParameterizedTest
    @EnumSource
    void thePrimaryDiesAndNothingIsLost(Fault fault, Cluster cluster) throws Exception {
        String old = cluster.primary().orElseThrow();
        try (IdleSession idle = IdleSession.open(cluster, "mysql");
                IdleSession other = IdleSession.open(cluster, "mariadb");
                OpenTransaction open = OpenTransaction.open(cluster);
                Prober prober = Prober.start(cluster);
                WriteLoad load = WriteLoad.start(cluster)) {

            fault.strike(cluster, old);
            String fresh = cluster.awaitOtherPrimary(old, TAKEOVER);
            load.awaitProgress(100, TAKEOVER);

            idle.assertUnchanged();
            other.assertUnchanged();
            open.assertRolledBackAndUsable();
            load.assertNothingLost(cluster.node(fresh).mysql());
            prober.assertOneAfterTheOther(List.of(old, fresh));
            LOGGER.atInfo().addKeyValue("fault", fault).log(load.summary());
            assertErrorsAreTheExpectedOnes(load);
        }
        cluster.awaitWell();
        assertThat(cluster.role(old)).isEqualTo("replica");
    }

    @Test
    void theAgentDiesAndNothingIsLost(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        try (IdleSession idle = IdleSession.open(cluster, "mysql");
                Prober prober = Prober.start(cluster);
                WriteLoad load = WriteLoad.start(cluster)) {
            long agent = cluster.agent(primary);

            Cluster.kill(agent);
            Await.until("the agent runs again", TAKEOVER, () -> cluster.agent(primary) != agent);
            String now = cluster.awaitServingAgent(TAKEOVER);
            load.awaitProgress(200, TAKEOVER);
            // An agent that came too late finds its server fenced: only then is it known who
            // serves.
            cluster.awaitWell();
            load.awaitProgress(50, TAKEOVER);

            idle.assertUnchanged();
            load.assertNothingLost(cluster.node(now).mysql());
            prober.assertOneAfterTheOther(
                    now.equals(primary) ? List.of(primary) : List.of(primary, now));
            LOGGER.atInfo().addKeyValue("fault", "AGENT").log(load.summary());
        }
    }

    /** Statements whose outcome nobody knows, transactions that were rolled back, nothing else. */
    private static void assertErrorsAreTheExpectedOnes(WriteLoad load) {
        assertThat(load.errors().keySet())
                .allMatch(
                        error ->
                                error.equals("statement 2013/08007")
                                        || error.equals("transaction 2013/08007")
                                        || error.equals("transaction 1213/40001"),
                        "the outcome is unknown, or the transaction was rolled back");
    }
}
