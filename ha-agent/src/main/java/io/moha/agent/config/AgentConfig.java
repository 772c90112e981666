package io.moha.agent.config;

import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.EtcdConfig;
import io.moha.protocol.config.InvalidConfigException;
import io.moha.protocol.config.Section;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Everything an agent is told at its start.
 *
 * @param cluster which cluster its node belongs to
 * @param node which node it is
 * @param etcd where the cluster's state is
 * @param mysql its server
 * @param http where health, status, metrics and commands are served
 * @param lease how long the right to write lasts
 * @param durability what an acknowledged commit is worth
 * @param failover when to give up a primary
 * @param hooks a command to tell of events
 * @param rejoin what to do with a server that has diverged
 * @param stateDir where the agent and its guard keep their files, used by this node alone
 */
public record AgentConfig(
        String cluster,
        NodeConfig node,
        EtcdConfig etcd,
        MysqlConfig mysql,
        HttpConfig http,
        LeaseConfig lease,
        DurabilityConfig durability,
        FailoverConfig failover,
        HooksConfig hooks,
        RejoinConfig rejoin,
        Path stateDir) {

    // Names become parts of keys in the store, of file names and of URLs.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

    /**
     * Reads everything from {@code file} and ends its reading.
     *
     * @throws InvalidConfigException naming everything that is wrong, by line
     */
    public static AgentConfig read(ConfigFile file) throws InvalidConfigException {
        Section root = file.root();
        MysqlConfig mysql = MysqlConfig.bind(root.section("mysql"));
        Path stateDir = root.path("stateDir");
        AgentConfig config =
                new AgentConfig(
                        name(root, "cluster"),
                        NodeConfig.bind(root.section("node")),
                        EtcdConfig.bind(root.section("etcd")),
                        mysql,
                        HttpConfig.bind(root.section("http"), mysql.advertise().host()),
                        LeaseConfig.bind(root.section("lease")),
                        DurabilityConfig.bind(root.section("durability")),
                        FailoverConfig.bind(root.section("failover")),
                        HooksConfig.bind(root.section("hooks")),
                        RejoinConfig.bind(root.section("rejoin"), stateDir),
                        stateDir);
        file.finish();
        return config;
    }

    /** A required name under {@code key}. */
    static String name(Section section, String key) {
        String name = section.string(key);
        section.require(
                name.isEmpty() || NAME.matcher(name).matches(),
                key,
                "expected up to 63 letters, digits, dots, dashes or underscores, got '"
                        + name
                        + "'");
        return name;
    }
}
