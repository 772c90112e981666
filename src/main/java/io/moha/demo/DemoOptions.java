package io.moha.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a demo shall be.
 *
 * @param directory where everything it writes is, absolute
 * @param nodes how many MySQL servers, 1 to {@link #MOST}
 * @param proxies how many proxies, 0 to {@link #MOST}
 * @param etcds how many etcd servers, 1 to {@link #MOST}
 * @param mysqlHome the MySQL to use; null finds one
 * @param etcdHome the etcd to use; null finds one
 * @param basePort the lowest port used; see {@link DemoPorts}
 * @param fresh whether data of an earlier demo are deleted
 * @param ttl of the primary's lease, as the agent's configuration takes it
 */
public record DemoOptions(
        Path directory,
        int nodes,
        int proxies,
        int etcds,
        @Nullable Path mysqlHome,
        @Nullable Path etcdHome,
        int basePort,
        boolean fresh,
        String ttl) {

    /** Most servers of one kind; more would leave their range of ports. */
    public static final int MOST = 9;
}
