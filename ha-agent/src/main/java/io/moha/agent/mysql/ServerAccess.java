package io.moha.agent.mysql;

import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the agent gets into its server, and replicas into their source.
 *
 * @param node id of the node whose server this is
 * @param address where the server listens
 * @param admin the agent's account
 * @param replication the account replicas use towards their source, the same on every node; those
 *     that acknowledge use one each, whose name begins with it
 * @param tls how connections are encrypted
 * @param timeout for connecting and for each answer
 */
public record ServerAccess(
        String node,
        HostPort address,
        Account admin,
        Account replication,
        Tls tls,
        Duration timeout) {

    /** The timeout that {@link MysqlServer} speaks of. */
    public static final Duration TIMEOUT = Duration.ofSeconds(1);

    /**
     * A MySQL account.
     *
     * @param user its name
     * @param password its password
     */
    public record Account(String user, Secret password) {}

    /**
     * How connections are encrypted.
     *
     * @param ca PEM file of the authority to trust; null trusts any certificate
     * @param required whether a connection without TLS is refused
     */
    public record Tls(@Nullable Path ca, boolean required) {}
}
