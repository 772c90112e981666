package io.moha.it.client;

import io.moha.it.fixture.Servers;
import java.util.List;
import java.util.Optional;

/** A stock client that can log in and say how it went. */
public interface LoginClient extends AutoCloseable {

    /** For people. */
    String name();

    /** Why this machine cannot run it; empty when it can. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Whether it can encrypt. */
    default boolean canEncrypt() {
        return true;
    }

    /** Whether it can log in to accounts of {@code plugin} at all. */
    default boolean knows(String plugin) {
        return true;
    }

    /** Logs in, asks who and where it is, and leaves. */
    Outcome login(Attempt attempt);

    @Override
    default void close() {}

    /** Every client there is. */
    static List<LoginClient> all(Servers servers) {
        return List.of(
                JdbcClient.connectorJ(),
                JdbcClient.mariaDb(),
                new MysqlCommand(servers),
                new PyMysql(servers.work()),
                new Sysbench(servers.work()));
    }
}
