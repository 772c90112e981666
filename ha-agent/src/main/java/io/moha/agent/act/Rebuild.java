package io.moha.agent.act;

import io.moha.agent.decide.Decision;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a server that diverged, or fell too far behind, a copy of another one. What only it has is
 * written to a file first; if that fails, nothing is thrown away. The server ends with the copy and
 * is started as after any other end.
 */
public final class Rebuild implements Action {

    private static final Logger LOGGER = LoggerFactory.getLogger(Rebuild.class);
    private static final Duration LIMIT = Duration.ofHours(6);

    private final Tools tools;
    private final Keepsake keepsake;
    private final String host;
    private final int port;
    private final String surplus;

    /** A rebuild from {@code host:port} of a server that has {@code surplus} too much. */
    public Rebuild(Tools tools, Keepsake keepsake, String host, int port, String surplus) {
        this.tools = tools;
        this.keepsake = keepsake;
        this.host = host;
        this.port = port;
        this.surplus = surplus;
    }

    @Override
    public String name() {
        return Decision.Rebuild.NAME + " from " + host + ":" + port;
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        if (tools.lease().tenure() != null) {
            throw new AbandonedException("this node leads");
        }
        String name = tools.self().id() + "-" + tools.wall().now().toEpochMilli();
        String kept =
                surplus.isEmpty()
                        ? ""
                        : keepsake.keep(name, surplus, server.binaryLogs()).toString();
        LOGGER.atWarn()
                .addKeyValue("surplus", surplus)
                .addKeyValue("keptIn", kept)
                .addKeyValue("donor", host + ":" + port)
                .log("server is rebuilt");
        server.stopReceiver();
        server.cloneFrom(host, port, LIMIT);
    }
}
