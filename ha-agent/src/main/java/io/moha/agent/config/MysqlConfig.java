package io.moha.agent.config;

import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.Secret;
import io.moha.protocol.config.Section;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code mysql:} section.
 *
 * @param address how the agent reaches its server
 * @param advertise how replicas and proxies reach it
 * @param admin the account the agent uses
 * @param replication the account replicas use towards their source
 * @param tls how connections are encrypted
 * @param command starts mysqld; empty when somebody else does
 * @param pidFile of a mysqld that somebody else starts; null exactly when there is a command
 */
public record MysqlConfig(
        HostPort address,
        HostPort advertise,
        Account admin,
        Account replication,
        Tls tls,
        List<String> command,
        @Nullable Path pidFile) {

    /** Copies the command. */
    public MysqlConfig {
        command = List.copyOf(command);
    }

    static MysqlConfig bind(Section section) {
        HostPort address = section.hostPort("address");
        List<String> command = section.strings("command");
        Path pidFile = section.optionalPath("pidFile");
        section.require(
                !command.isEmpty() || pidFile != null,
                "command",
                "give a command to start mysqld, or the pidFile of one that is started otherwise");
        return new MysqlConfig(
                address,
                section.hostPort("advertise", address),
                Account.bind(section.section("admin")),
                Account.bind(section.section("replication")),
                Tls.bind(section.section("tls")),
                command,
                command.isEmpty() ? pidFile : null);
    }

    /**
     * A MySQL account.
     *
     * @param user its name
     * @param password its password
     */
    public record Account(String user, Secret password) {

        private static Account bind(Section section) {
            return new Account(section.string("user"), section.secret("password"));
        }
    }

    /**
     * TLS of the agent's and the replicas' connections to mysqld.
     *
     * @param ca PEM file of the authority that signed the servers' certificates; null encrypts
     *     without checking them
     * @param required whether a connection without TLS is refused rather than used
     */
    public record Tls(@Nullable Path ca, boolean required) {

        private static Tls bind(Section section) {
            return new Tls(section.optionalPath("ca"), section.bool("required", true));
        }
    }
}
